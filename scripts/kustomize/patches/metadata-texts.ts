import { type Mapping, type Node, withEntry, withoutEntry } from "../node/node.ts";

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
    const entries = [...values.entries].map(([key, value]) => [key, asText(value)] as const);
    if (entries.every(([key, value]) => value === values.entries.get(key))) continue;
    changed = withEntry(changed, field, { ...values, entries: new Map(entries) });
  }
  return changed === metadata ? patch : withEntry(patch, "metadata", changed);
}

function asText(value: Node): Node {
  if (value.kind !== "scalar")
    return { kind: "scalar", type: "string", text: "", origin: value.origin };
  return value.type === "string" ? value : { ...value, type: "string" };
}
