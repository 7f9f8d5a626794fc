import { BuildError } from "../build-error.ts";
import { type Mapping, type Node, type Scalar, textAt } from "../node/node.ts";
import type { Mark, Origin } from "../node/origin.ts";
import type { Schema, SchemaType } from "../schema/schema.ts";
import { type Directed, directedMapping, hasDirective } from "./directive.ts";
import { type Merge, mergeList } from "./merge-list.ts";
import { isQuoted } from "./quoted.ts";

/**
 * The target with a strategic merge patch over it; undefined where the patch deletes it.
 *
 * As in Kustomize, the patch has a say about the whole object: fields that are empty go even where
 * the patch is silent, and lists with merge keys are put in order. Fields that only the API server
 * knows (`$setElementOrder`, `$deleteFromPrimitiveList`, `$retainKeys`) are fields like any other.
 * `$patch: replace` on the object itself does nothing.
 */
export function strategicMerge(
  target: Mapping,
  patch: Mapping,
  { schema, by }: { readonly schema: Schema; readonly by?: Mark | undefined },
): Mapping | undefined {
  const merged = merger(schema, by)(target, patch, undefined);
  if (directedMapping(patch).directive === "replace") return target;
  return merged?.kind === "mapping" ? merged : undefined;
}

function merger(schema: Schema, by: Mark | undefined): Merge {
  return merge;

  /** A target that is the patch itself is new: what the patch says of nulls and lists still counts. */
  function merge(
    target: Node | undefined,
    patch: Node | undefined,
    known: SchemaType | undefined,
  ): Node | undefined {
    const present = isMissing(target) ? patch : target;
    if (present === undefined || isMissing(present)) return keptNull(target, patch);
    const type = known ?? embeddedType(target) ?? embeddedType(patch);
    if (patch !== undefined && !isMissing(patch) && patch.kind !== present.kind)
      throw mismatch(present, patch);
    switch (present.kind) {
      case "mapping":
        return mergeMapping(isMissing(target) ? undefined : (target as Mapping), patch, type);
      case "sequence": {
        const list = target?.kind === "sequence" ? target : undefined;
        if (type?.strategies.includes("merge")) return mergeList(list, patch, type, merge);
        if (patch === undefined) return target;
        return isMissing(patch) ? undefined : inPlaceOf(list, patch);
      }
      case "scalar":
        if (patch === undefined || patch === target) return target;
        return isMissing(patch) ? undefined : scalarInPlaceOf(target, patch as Scalar);
    }
  }

  function mergeMapping(
    target: Mapping | undefined,
    patch: Node | undefined,
    type: SchemaType | undefined,
  ): Node | undefined {
    if (patch === undefined) return target && mergeFields(target, undefined, type);
    if (patch.kind !== "mapping") return undefined;
    const directed = target === undefined ? lenient(patch) : directedMapping(patch);
    if (directed.directive === "delete") return undefined;
    if (target === undefined || directed.directive === "replace" || target === patch) {
      return inPlaceOf(
        target === patch ? undefined : target,
        mergeFields(directed.patch, directed.patch, type),
      );
    }
    return mergeFields(target, directed.patch, type);
  }

  function mergeFields(
    target: Mapping,
    patch: Mapping | undefined,
    type: SchemaType | undefined,
  ): Mapping {
    const isNew = target === patch;
    let entries: Map<string, Node> | undefined;
    let removed: Map<string, Origin> | undefined;
    for (const [key, value] of target.entries) {
      const over = isNew ? value : patch?.entries.get(key);
      const merged = merge(value, over, type?.field(key));
      if (merged === value) continue;
      entries ??= new Map(target.entries);
      if (merged !== undefined) entries.set(key, merged);
      else {
        entries.delete(key);
        if (isNew || over === undefined) continue;
        removed ??= new Map(target.removed);
        removed.set(key, removal(value, over));
      }
    }
    for (const [key, value] of isNew ? [] : (patch?.entries ?? [])) {
      if (target.entries.has(key)) continue;
      const merged = merge(undefined, value, type?.field(key));
      if (merged === undefined) continue;
      entries ??= new Map(target.entries);
      entries.set(key, merged);
    }
    return entries === undefined ? target : { ...target, entries, ...(removed && { removed }) };
  }

  function removal(value: Node, over: Node): Origin {
    const word = over.kind === "mapping" ? over.entries.get("$patch") : undefined;
    const { mark } = (word ?? over).origin;
    return {
      operation: "strategic merge patch",
      mark,
      by: over.origin.by ?? by,
      before: value.origin,
    };
  }

  function embeddedType(node: Node | undefined): SchemaType | undefined {
    if (node?.kind !== "mapping") return undefined;
    const kind = textAt(node, ["kind"]);
    const apiVersion = textAt(node, ["apiVersion"]);
    return kind && apiVersion ? schema.typeOf(apiVersion, kind) : undefined;
  }
}

/** Nothing, or null. */
function isMissing(node: Node | undefined): boolean {
  return node === undefined || (node.kind === "scalar" && node.type === "null");
}

/** A null that somebody wrote stays where the patch is silent; a field left empty goes. */
function keptNull(target: Node | undefined, patch: Node | undefined): Node | undefined {
  const isWritten = patch === undefined && target?.kind === "scalar" && target.text !== "";
  return isWritten ? target : undefined;
}

/** In a mapping that is new, Kustomize overlooks a directive that it does not know. */
function lenient(patch: Mapping): Directed<Mapping> {
  return hasDirective(patch) ? directedMapping(patch) : { directive: "merge", patch };
}

function inPlaceOf<N extends Node>(old: Node | undefined, value: N): N {
  if (old === undefined) return value;
  return { ...value, origin: { ...value.origin, before: old.origin } };
}

function scalarInPlaceOf(old: Node | undefined, value: Scalar): Scalar {
  if (old?.kind !== "scalar") return value;
  const { quoted } = old;
  const written = { ...inPlaceOf(old, value), ...(quoted !== undefined && { quoted }) };
  return written.type === "string" || !isQuoted(old) ? written : { ...written, type: "string" };
}

function mismatch(target: Node, patch: Node): BuildError {
  const name = { scalar: "a single value", mapping: "a mapping", sequence: "a list" };
  return new BuildError(
    `Cannot merge ${name[patch.kind]} of a strategic merge patch into ${name[target.kind]}: write ${name[target.kind]}, or remove the field first by a patch that sets it to null`,
    { mark: patch.origin.mark ?? target.origin.mark },
  );
}
