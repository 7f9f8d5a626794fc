import { text, valueAt } from "../../yaml/value.ts";
import type { Kustomization } from "../kustomization.ts";
import type { Sources } from "../sources.ts";
import { documentWriter } from "./document.ts";
import { fieldWriters } from "./fields.ts";
import { generated } from "./generators.ts";
import { patchWriters } from "./patches.ts";
import { replacementWriters } from "./replacements.ts";
import type { Birth } from "./writer.ts";

/** Follows a target's kustomizations in kustomize's own order. */
export function readHistory(sources: Sources, directory: string): readonly Birth[] {
  const births: Birth[] = [];
  accumulate(sources, directory, births, []);
  return births;
}

/** A component works on everything its owner has so far; a base starts with nothing. */
function accumulate(
  sources: Sources,
  directory: string,
  births: Birth[],
  above: readonly string[],
): void {
  const kustomization = sources.kustomization(directory);
  if (kustomization === undefined || above.includes(directory)) return;
  const path = [...above, directory];
  for (const { role, path: file } of kustomization.references) {
    if (role !== "resource") continue;
    if (sources.kustomization(file) !== undefined) {
      const own: Birth[] = [];
      accumulate(sources, file, own, path);
      births.push(...own);
    } else births.push(...born(sources, file));
  }
  generated(sources, kustomization, births);
  for (const component of directories(kustomization)) accumulate(sources, component, births, path);
  const writers = [
    ...patchWriters(sources, kustomization),
    ...fieldWriters(kustomization),
    ...replacementWriters(sources, kustomization, births),
  ];
  for (const birth of births) birth.writers.push(...writers);
}

function directories({ references }: Kustomization): string[] {
  return references.filter(({ role }) => role === "component").map(({ path }) => path);
}

function born(sources: Sources, file: string): Birth[] {
  return (sources.source(file)?.documents ?? []).map((document) => ({
    kind: text(valueAt(document.value, ["kind"])) ?? "",
    name: text(valueAt(document.value, ["metadata", "name"])) ?? "",
    file,
    document,
    writers: [documentWriter(document)],
  }));
}
