import { BuildError } from "../build-error.ts";
import {
  type Mapping,
  mapping,
  type Node,
  nodeAt,
  textAt,
  withEntry,
  withoutEntry,
} from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import { settleShared, withoutShared } from "../node/shared.ts";
import { describe } from "../resource/identity.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { withPreviousName } from "../transformers/previous-name.ts";
import { jsonPatch } from "./json-patch.ts";
import { strategicMerge } from "./strategic-merge.ts";
import { withTexts } from "./untagged.ts";

export type PatchOptions = {
  readonly allowNameChange: boolean;
  readonly allowKindChange: boolean;
};

/**
 * A resource after a strategic merge patch; undefined where the patch deletes it. Namespace and
 * `apiVersion` stay what they were, name and kind too unless the options allow a change.
 */
export function mergeInto(
  resource: Resource,
  patch: Mapping,
  { allowNameChange, allowKindChange }: PatchOptions,
  { schema, by }: { readonly schema: Schema; readonly by?: Mark | undefined },
): Resource | undefined {
  const changes = allowNameChange || allowKindChange;
  const named = changes ? withPreviousName(resource, schema) : resource;
  const known = withTexts(named, schema);
  const isAnnotated = hasHistory(known);
  const target = isAnnotated ? withAnnotations(known.object) : known.object;
  const kept = [
    ["apiVersion"],
    ...(allowKindChange ? [] : [["kind"]]),
    ...(allowNameChange ? [] : [["metadata", "name"]]),
    ["metadata", "namespace"],
  ];
  const silent = withKindOf(
    patch,
    kept.reduce((rest, path) => withoutPath(rest, path), patch),
    target,
  );
  const merged = strategicMerge(target, silent, { schema, by });
  if (merged === undefined || merged.entries.size === 0) return undefined;
  let restored = merged === target ? known.object : settleShared(target, merged);
  if (isAnnotated) restored = withoutEmptyAnnotations(restored);
  for (const path of kept) restored = restore(restored, resource.object, path);
  refuseNameless(restored, resource.object, patch.origin.mark ?? by);
  if (losesHistory(patch)) return { ...withoutHistory(known), object: restored };
  return restored === known.object ? known : { ...known, object: restored };
}

/**
 * A resource after a JSON patch. `remembers` says whether the name that it had is kept: Kustomize
 * keeps that in annotations, so an operation below `/metadata/annotations` finds them even where the
 * object has none.
 */
export function patchByJson(
  resource: Resource,
  operations: Node,
  remembers: boolean,
  { schema, by }: { readonly schema: Schema; readonly by?: Mark | undefined },
): Resource {
  const known = remembers ? withPreviousName(resource, schema) : resource;
  const { object } = known;
  const patched = jsonPatch(hasHistory(known) ? withAnnotations(object) : object, operations, by);
  refuseNameless(patched, object, operations.origin.mark ?? by);
  return { ...known, object: withoutShared(withoutEmptyAnnotations(patched)) };
}

/** An object without kind or name cannot be referred to, nor printed by Kustomize. */
function refuseNameless(object: Mapping, before: Mapping, mark: Mark | undefined): void {
  const kind = textAt(object, ["kind"]) ?? "";
  if (kind !== "" && (kind.endsWith("List") || textAt(object, ["metadata", "name"]))) return;
  const missing = kind === "" ? "kind" : "metadata.name";
  throw new BuildError(
    `A patch takes "${missing}" away from ${describe(currentId({ object: before }))}: let it keep that field`,
    { mark },
  );
}

/**
 * An object whose kind nobody knows, such as one that a patch gave it, is merged as an object of the
 * patch's kind, for which it is to be said there.
 */
function withKindOf(patch: Mapping, silent: Mapping, target: Mapping): Mapping {
  const kind = patch.entries.get("kind");
  const apiVersion = target.entries.get("apiVersion");
  if (textAt(patch, ["kind"]) === textAt(target, ["kind"]) || !kind || !apiVersion) return silent;
  return withEntry(withEntry(silent, "kind", kind), "apiVersion", apiVersion);
}

function withoutPath(object: Mapping, [key = "", ...rest]: readonly string[]): Mapping {
  if (rest.length === 0) return withoutEntry(object, key);
  const owner = object.entries.get(key);
  return owner?.kind === "mapping" ? withEntry(object, key, withoutPath(owner, rest)) : object;
}

/** Puts back what an object had at a path, or had not. */
function restore(
  object: Mapping,
  before: Mapping,
  [key = "", ...rest]: readonly string[],
): Mapping {
  const old = before.entries.get(key);
  const value = object.entries.get(key);
  if (rest.length === 0) {
    // A namespace that says nothing is none for Kustomize, which takes it out then.
    const isNone = old === undefined || (key === "namespace" && !textAt(old, []));
    if (isNone) return withoutEntry(object, key);
    return old === value ? object : withEntry(object, key, old);
  }
  if (old?.kind !== "mapping") return object;
  const owner = value?.kind === "mapping" ? value : mapping([], old.origin);
  const restored = restore(owner, old, rest);
  return restored === value || (restored.entries.size === 0 && value === undefined)
    ? object
    : withEntry(object, key, restored);
}

/** Kustomize keeps an object's history in annotations: a patch that takes those away takes it too. */
function losesHistory(patch: Mapping): boolean {
  const metadata = patch.entries.get("metadata");
  const annotations = nodeAt(metadata, ["annotations"]);
  if (textAt(patch, ["$patch"]) === "replace") return false;
  if (annotations?.kind === "scalar") return annotations.type === "null";
  return [metadata, annotations].some((owner) => {
    const word = nodeAt(owner, ["$patch"]);
    return word?.kind === "scalar" && (word.text === "delete" || word.text === "replace");
  });
}

function withoutHistory({ object, source, vars }: Resource): Resource {
  return {
    object,
    source,
    previous: [],
    prefixes: [],
    suffixes: [],
    ...(vars && { vars }),
  };
}

function hasHistory({ previous, prefixes, suffixes, generated }: Resource): boolean {
  return generated !== undefined || [previous, prefixes, suffixes].some(({ length }) => length > 0);
}

function withAnnotations(object: Mapping): Mapping {
  const metadata = object.entries.get("metadata");
  if (metadata?.kind !== "mapping" || metadata.entries.has("annotations")) return object;
  return withEntry(
    object,
    "metadata",
    withEntry(metadata, "annotations", mapping([], metadata.origin)),
  );
}

function withoutEmptyAnnotations(object: Mapping): Mapping {
  const metadata = object.entries.get("metadata");
  const annotations = nodeAt(metadata, ["annotations"]);
  if (metadata?.kind !== "mapping" || annotations?.kind !== "mapping") return object;
  if (annotations.entries.size > 0) return object;
  return withEntry(object, "metadata", withoutEntry(metadata, "annotations"));
}
