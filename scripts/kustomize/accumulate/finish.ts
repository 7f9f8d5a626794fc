import type { BuildOptions } from "../build.ts";
import { mappingOf, textsOf } from "../kustomization/fields.ts";
import { addHashes } from "../names/hash-names.ts";
import { fixBackReferences } from "../names/references.ts";
import { resolveVars } from "../names/resolve-vars.ts";
import { type Mapping, nodeAt } from "../node/node.ts";
import { refuseSameIds } from "../resource/collection.ts";
import type { Resource } from "../resource/resource.ts";
import { addManagedByLabel, finishAnnotations } from "../transformers/build-metadata.ts";
import { refuseMisfits } from "../transformers/misfits.ts";
import { readSortOptions, sortResources } from "../transformers/sort-order.ts";
import type { Accumulation } from "./accumulate.ts";
import type { Visit } from "./session.ts";

/**
 * What is left to do when everything is gathered, for the built directory alone: hashes in names,
 * references to names, vars, the order, build metadata.
 */
export function finish(
  { kustomization, session }: Visit,
  { resources: gathered, configurations, vars }: Accumulation,
  options: BuildOptions,
): { readonly resources: readonly Resource[]; readonly warnings: readonly string[] } {
  const context = session.schemaState;
  const { fields } = kustomization;
  const metadata = new Map(textsOf(fields, "buildMetadata").map((entry) => [entry.text, entry]));
  let resources = addHashes(gathered, context);
  resources = fixBackReferences(resources, configurations.nameReference, context);
  const resolved = resolveVars(resources, vars, configurations.varReference);
  // What transformers have renamed since objects were gathered may have become the same.
  refuseSameIds(resolved.resources, context.schema);
  resources = resolved.resources.filter((resource) => !isLocal(resource));
  resources = sorted(resources, mappingOf(fields, "sortOptions"), options.reorder);
  const managed = metadata.get("managedByLabel");
  if (managed || options.managedByLabel) {
    resources = addManagedByLabel(resources, managed?.origin.mark);
  }
  const origins = metadata.get("originAnnotations");
  const transformers = metadata.get("transformerAnnotations");
  refuseMisfits(resources);
  resources = finishAnnotations(resources, {
    originAnnotations: origins !== undefined,
    transformerAnnotations: transformers !== undefined,
    by: (origins ?? transformers)?.origin.mark,
  });
  return { resources, warnings: resolved.unused.map(unusedVar) };
}

/** Objects for tools alone; `"false"` is the only value that says otherwise. */
function isLocal({ object }: Resource): boolean {
  const local = nodeAt(object, ["metadata", "annotations", "config.kubernetes.io/local-config"]);
  return local !== undefined && !(local.kind === "scalar" && local.text === "false");
}

function sorted(
  resources: readonly Resource[],
  sortOptions: Mapping | undefined,
  reorder: BuildOptions["reorder"],
): readonly Resource[] {
  if (sortOptions === undefined && reorder === "none") return resources;
  const config = sortOptions ? readSortOptions(sortOptions) : ({ order: "legacy" } as const);
  return sortResources(resources, config);
}

function unusedVar(name: string): string {
  return `The var "${name}" is never used: remove it, or write "$(${name})" where its value should stand`;
}
