import type { IVolume } from "kubernetes-models/v1/Volume";
import type { Path, Resource } from "../scripts/fleet/resource.ts";
import { parseImage } from "./image.ts";
import { groupKind, title } from "./kinds.ts";
import type { Policy } from "./policy.ts";
import { isFromKnownRegistry } from "./registries.ts";
import { objectsIn, shown, valueAt } from "./values.ts";
import { containersOf, podTemplateOf } from "./workload.ts";

/** What runs is what was reviewed: the same name never becomes another program. */
export const imagePinned: Policy = {
  id: "image-pinned",
  severity: "error",
  description: "Every image comes from a known registry and is pinned by digest or full release",
  help: 'Name the registry and a digest or a full release such as "1.27.3"; `slipway images pin` writes digests, and a new registry is a line in policies/registries.ts',
  check(resources, report) {
    for (const resource of resources) {
      for (const { user, reference, path } of imagesOf(resource)) {
        const name = shown(reference ?? "");
        const faults = name === "" ? [] : faultsOf(name);
        if (name === "") report(resource, { path, message: `${user} no image` });
        if (faults.length === 0) continue;
        report(resource, { path, message: `${user} "${name}": ${faults.join(" and ")}` });
      }
    }
  },
};

type Use = { readonly user: string; readonly reference: unknown; readonly path: Path };

function* imagesOf(resource: Resource): Generator<Use> {
  for (const { container, title, path } of containersOf(resource)) {
    yield { user: `${title} runs`, reference: container.image, path: [...path, "image"] };
  }
  const template = podTemplateOf(resource);
  for (const [index, volume] of objectsIn<IVolume>(template?.spec.volumes)) {
    if (!template || !volume.image) continue;
    const path = [...template.path, "spec", "volumes", index, "image", "reference"];
    const user = `Volume "${shown(volume.name)}" mounts`;
    yield { user, reference: volume.image.reference, path };
  }
  const path = imageFields.get(groupKind(resource.manifest));
  const reference = path && valueAt(resource.manifest, path);
  // Without the field the operator takes its default, and the operator is pinned.
  if (path && reference !== undefined) {
    yield { user: `${title(resource.manifest)} runs`, reference, path };
  }
}

/** The custom kinds whose operators make pods of an image that the object names. */
const imageFields: ReadonlyMap<string, Path> = new Map([
  ["antfly.io/TermitePool", ["spec", "image"]],
  ["postgresql.cnpg.io/Cluster", ["spec", "imageName"]],
  ["rabbitmq.com/RabbitmqCluster", ["spec", "image"]],
  ["monitoring.coreos.com/Prometheus", ["spec", "image"]],
  ["monitoring.coreos.com/Alertmanager", ["spec", "image"]],
]);

function faultsOf(reference: string): string[] {
  if (placeholder.test(reference)) return ["a placeholder that no overlay replaced"];
  const { registry, repository, tag, digest } = parseImage(reference);
  return [pinFault(repository, tag, digest), registryFault(registry, reference)].filter(
    (fault) => fault !== undefined,
  );
}

function pinFault(
  repository: string,
  tag: string | undefined,
  digest: string | undefined,
): string | undefined {
  if (digest !== undefined) {
    return /^sha256:[0-9a-f]{64}$/.test(digest) ? undefined : "a digest that is no SHA-256";
  }
  if (tag === undefined) return "no tag and no digest";
  if (tag.split(/[-._]/).some((word) => movingWords.has(word.toLowerCase()))) {
    return "a tag that moves";
  }
  const release = twoNumberReleases.has(repository.split("/").at(-1) ?? "") ? twoNumbers : full;
  return release.test(tag) || dateStamp.test(tag) ? undefined : "a tag that is not a full release";
}

function registryFault(registry: string | undefined, reference: string): string | undefined {
  if (registry === undefined) return "no registry";
  return isFromKnownRegistry(reference) ? undefined : "a registry that is not known";
}

/** What base manifests write where an environment's registry or a release belongs. */
const placeholder = /^(registry|image|placeholder|replaced?-by-[\w-]+)(?=[/:@]|$)|[<>${}]/;

const movingWords: ReadonlySet<string> = new Set([
  ...["latest", "main", "master", "trunk", "head", "dev", "devel", "develop"],
  ...["edge", "nightly", "canary", "snapshot", "unstable"],
]);

const full = /(^|[^0-9.])\d+\.\d+\.\d+/;
const twoNumbers = /(^|[^0-9.])\d+\.\d+/;
/** `bookworm-20260814`, `18.4-202605010900-system-trixie`: a build that is made once. */
const dateStamp = /(^|[-._])20\d{6}(\d{4}|\d{6})?($|[-._])/;

/** Programs whose full releases have two numbers. */
const twoNumberReleases: ReadonlySet<string> = new Set(["postgres", "postgresql"]);
