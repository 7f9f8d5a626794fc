import { CORE_SCHEMA, loadAll } from "js-yaml";
import type { Manifest } from "../fleet/resource.ts";
import { definitionsIn, isClusterScoped } from "../fleet/scope.ts";
import { tool } from "../tools/tool.ts";
import { workingDirectory } from "../tree/working-directory.ts";
import { list, text } from "../yaml/value.ts";
import { isChart } from "./files.ts";
import { templateChart } from "./helm.ts";
import { buildKustomization } from "./kustomize.ts";
import { requireKnownFields, type UpstreamRequest } from "./source.ts";
import { upstreamFolder } from "./upstream.ts";

/** Renders a source that is there, by a program that is there. Throws a `SlipwayError` where it does not render. */
type FoundSource = () => Promise<readonly Manifest[]>;

/**
 * What Argo CD applies for an upstream source with its overrides. Throws a `SlipwayError` where the
 * source is not to be had or does not render.
 */
export async function renderSource(request: UpstreamRequest): Promise<readonly Manifest[]> {
  const render = await findSource(request);
  return await render();
}

/**
 * Fetches an upstream source and, for a chart, builds Helm, where they are not there yet.
 * Throws a `SlipwayError` where one of them is not to be had.
 */
export async function findSource(request: UpstreamRequest): Promise<FoundSource> {
  const { source } = request;
  const folder = await upstreamFolder(source);
  const chart = isChart(folder, source);
  const helm = chart ? await tool("helm") : undefined;
  return async () => {
    requireKnownFields(request);
    const output = helm
      ? await templateChart(helm, folder, request)
      : buildKustomization(workingDirectory(folder), source);
    return asApplied(output, request.namespace);
  };
}

/** What Argo CD makes of a renderer's output: lists are opened, and every object has its namespace or none. */
function asApplied(output: string, namespace: string): Manifest[] {
  const manifests = (loadAll(output, { schema: CORE_SCHEMA }) as (Manifest | null)[])
    .filter((manifest) => manifest !== null && manifest !== undefined)
    .flatMap((manifest) =>
      manifest.kind.endsWith("List") && "items" in manifest
        ? (list(manifest.items) as Manifest[])
        : [manifest],
    )
    .filter((manifest) => !isForeignHook(manifest));
  const definitions = definitionsIn(manifests);
  return manifests.map((manifest) => {
    const { namespace: own = namespace, ...metadata } = manifest.metadata;
    const scope = isClusterScoped(manifest, definitions) ? {} : { namespace: own };
    return { ...manifest, metadata: { ...metadata, ...scope } };
  });
}

/** Argo CD runs Helm's hooks around installs and upgrades as its own, and never the others: tests, deletion, rollback. */
function isForeignHook({ metadata }: Manifest): boolean {
  const hook = text(metadata.annotations?.["helm.sh/hook"]);
  if (hook === undefined || hook === "crd-install") return false;
  if (metadata.annotations?.["argocd.argoproj.io/hook"] !== undefined) return false;
  return !hook.split(",").some((one) => /^(pre|post)-(install|upgrade)$/.test(one.trim()));
}
