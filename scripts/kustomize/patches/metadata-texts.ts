import { asText, type Mapping, mapEntries, withEntry, withoutEntry } from "../node/node.ts";

/**
 * A patch whose labels or annotations are texts, as Kustomize makes them: a null that should remove a
 * label becomes the label's new value, and a null in the place of all of them is not there at all.
 */
export function withTextValues(
  patch: Mapping,
  fields: readonly ("labels" | "annotations")[],
): Mapping {
  const metadata = patch.entries.get("metadata");
  if (metadata?.kind !== "mapping") return patch;
  let changed = metadata;
  for (const field of fields) {
    const values = changed.entries.get(field);
    if (values === undefined) continue;
    if (values.kind !== "mapping" || values.entries.size === 0) {
      changed = withoutEntry(changed, field);
      continue;
    }
    const texts = mapEntries(values, asText);
    if (texts !== values) changed = withEntry(changed, field, texts);
  }
  return changed === metadata ? patch : withEntry(patch, "metadata", changed);
}
