import { parseImage } from "../../../policies/image.ts";
import { containersOf } from "../../../policies/workload.ts";
import { type Resource, resourceId } from "../../fleet/resource.ts";
import { valueAt } from "../../yaml/value.ts";
import type { Cluster, UpstreamSource } from "../argo/cluster.ts";
import { findingAt } from "../argo/report.ts";
import type { Finding } from "../finding.ts";

/** Many projects write what they build last into their manifests; what runs here is a release. */
export function imageFindings({ upstreams }: Cluster): Finding[] {
  return upstreams.flatMap((upstream) =>
    upstream.resources.flatMap((resource) =>
      [...imagesOf(resource)].flatMap(({ user, image }) => {
        const fault = faultOf(image);
        return fault === undefined
          ? []
          : [finding(upstream, resource, `${user} "${image}"`, fault)];
      }),
    ),
  );
}

type Use = { readonly user: string; readonly image: string };

/** Images of containers, and those that a container hands on to what it starts itself. */
function* imagesOf(resource: Resource): Generator<Use> {
  for (const { container, title } of containersOf(resource)) {
    yield { user: `${title} runs`, image: container.image ?? "" };
    for (const argument of [...(container.command ?? []), ...(container.args ?? [])]) {
      const [, name, image] = handedOn.exec(argument) ?? [];
      if (image !== undefined) yield { user: `${title} is given ${name ?? ""}`.trimEnd(), image };
    }
    for (const { name, value = "" } of container.env ?? []) {
      const [, , image] = handedOn.exec(value) ?? [];
      if (image !== undefined) yield { user: `${title} is given ${name}`, image };
    }
  }
}

/** An image with its registry and its tag or digest, behind a flag or alone: `--solver-image=quay.io/a/b:v1`. */
const handedOn =
  /^(?:(--?[\w-]+)=)?((?:[\w-]+\.)+[a-z]{2,}(?::\d+)?(?:\/[\w.-]+)+(?::[\w][\w.-]*|@sha256:\w+))$/;

function faultOf(image: string): string | undefined {
  const { registry, tag, digest } = parseImage(image);
  if (registry === "localhost") return "of the machine that built it";
  if (digest !== undefined) return undefined;
  if (tag === undefined) return "without a tag";
  return release.test(tag) && !unreleased.test(tag) ? undefined : "which is not a release";
}

const release = /^(?:[a-z]+-?)?\d+\.\d+/i;
const unreleased =
  /^v?0\.0\.0\b|(?:^|[-._])(?:dev|devel|main|master|latest|nightly|snapshot)(?=$|[-._\d])/i;

function finding(
  { application, index }: UpstreamSource,
  upstream: Resource,
  use: string,
  fault: string,
): Finding {
  const source = ["spec", "sources", index];
  const { resource, sources } = application;
  const isChart = valueAt(resource.manifest, [...source, "helm"]) !== undefined;
  return {
    ...findingAt(resource, [...source, ...(isChart ? ["helm"] : ["kustomize", "images"])], {
      rule: "upstream-image",
      message: `${use}, ${fault}, in ${resourceId(upstream.manifest)} of Application "${application.name}"`,
      help: isChart
        ? 'Set the release in "helm.parameters" or "helm.valuesObject"'
        : `Name the release in "kustomize.images"; where the kustomization of "${sources[index]?.path ?? ""}" replaces the image itself, by the name that it replaces`,
    }),
    resource: resourceId(upstream.manifest),
  };
}
