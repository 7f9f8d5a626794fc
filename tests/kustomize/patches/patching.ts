import type { Mapping } from "../../../scripts/kustomize/node/node.ts";
import { applyPatches, type PatchEntry } from "../../../scripts/kustomize/patches/patch.ts";
import { parseObjects } from "../../../scripts/kustomize/resource/parse.ts";
import type { Resource } from "../../../scripts/kustomize/resource/resource.ts";
import { kubernetesSchema } from "../../../scripts/kustomize/schema/kubernetes.ts";
import { printDocuments } from "../../../scripts/kustomize/yaml/print.ts";
import { readConfiguration, readDocuments } from "../../../scripts/kustomize/yaml/read.ts";
import { fileText } from "../../../scripts/kustomize/yaml/source-text.ts";

/** The resources of a file. */
export function resourcesOf(text: string): readonly Resource[] {
  const file = "resources.yaml";
  return parseObjects(readDocuments(fileText(file, text), "resource")).map((object) => ({
    object,
    previous: [],
    prefixes: [],
    suffixes: [],
    source: { file },
  }));
}

/** An entry of `patches`, its target and options written as YAML. */
export function entry(
  text: string,
  { target, options }: { readonly target?: string; readonly options?: string } = {},
): PatchEntry {
  return {
    text: fileText("patch.yaml", text),
    ...(target !== undefined && { target: configuration(target) }),
    ...(options !== undefined && { options: configuration(options) }),
  };
}

/** The resources after some patches. */
export function patch(
  resources: readonly Resource[],
  ...entries: readonly PatchEntry[]
): readonly Resource[] {
  return applyPatches(resources, entries, { schema: kubernetesSchema });
}

export function print(resources: readonly Resource[]): string {
  return printDocuments(resources.map(({ object }) => object));
}

function configuration(text: string): Mapping {
  return readConfiguration(fileText("kustomization.yaml", text), "resource") as Mapping;
}
