import { type Mapping, mapping, type Node, nodeAt, withEntry, withoutEntry } from "../node/node.ts";
import { withOriginOf } from "../transformers/build-metadata.ts";
import type { Resource } from "./resource.ts";

/**
 * A generated object in the place of the one that it is to `merge` with or to `replace`. Either way it
 * keeps the names, labels and annotations that were there; merged, the data too.
 */
export function mergeGenerated(
  present: Resource,
  generated: Resource,
  behavior: "merge" | "replace",
): Resource {
  let object = withIdentity(present.object, generated.object);
  if (behavior === "merge") {
    object = withUnion(object, present.object, "data");
    object = withUnion(object, present.object, "binaryData");
  }
  const merged: Resource = {
    ...present,
    object,
    source: behavior === "merge" ? present.source : generated.source,
    generated: {
      behavior: present.generated?.behavior,
      // Both must want it: one of them saying `disableNameSuffixHash` is enough to go without.
      needsHash: generated.generated?.needsHash === true && present.generated?.needsHash === true,
    },
  };
  return behavior === "merge" ? withOriginOf(merged, present) : merged;
}

/** What says which object it is, as it began: the second generator only adds to it. */
function withIdentity(present: Mapping, generated: Mapping): Mapping {
  const old = mappingAt(present, "metadata");
  let metadata = mappingAt(generated, "metadata");
  metadata = withUnion(metadata, old, "labels");
  metadata = withUnion(metadata, old, "annotations");
  for (const field of ["name", "namespace"]) {
    const value = old.entries.get(field);
    metadata =
      value === undefined ? withoutEntry(metadata, field) : withEntry(metadata, field, value);
  }
  const entries = new Map(generated.entries).set("metadata", { ...metadata, origin: old.origin });
  for (const field of ["apiVersion", "kind"]) {
    const value = present.entries.get(field);
    if (value) entries.set(field, value);
  }
  return { ...generated, entries, origin: present.origin };
}

/** A field with the entries of both mappings; where both have one, that of `object` counts. */
function withUnion(object: Mapping, present: Mapping, field: string): Mapping {
  const old = mappingAt(present, field);
  const own = mappingAt(object, field);
  const entries = new Map<string, Node>(old.entries);
  for (const [key, value] of own.entries) {
    const before = old.entries.get(key)?.origin;
    entries.set(key, before ? { ...value, origin: { ...value.origin, before } } : value);
  }
  if (entries.size === 0) return withoutEntry(object, field);
  return withEntry(object, field, mapping(entries, (old.entries.size > 0 ? old : own).origin));
}

function mappingAt(object: Mapping, field: string): Mapping {
  const node = nodeAt(object, [field]);
  return node?.kind === "mapping" ? node : mapping([], object.origin);
}
