import { type Mapping, type Node, type Sequence, scalar, withEntry } from "../node/node.ts";
import type { SchemaType } from "../schema/schema.ts";
import { directedMapping, directedSequence, hasDirective } from "./directive.ts";
import { distinctValues, itemsByValues, usedKeys, valuesOf } from "./item-keys.ts";
import {
  findItem,
  type Item,
  isNull,
  isVoid,
  type Keys,
  listItems,
  setItem,
  textOf,
  wrongKind,
} from "./list-items.ts";

/** Merges the values of a field; undefined where there is none in the end. */
export type Merge = (
  target: Node | undefined,
  patch: Node | undefined,
  type: SchemaType | undefined,
) => Node | undefined;

/**
 * Merges a list whose items are found by their merge keys, or by their text where it has none. Items
 * of the patch come first, in its order; those of the target keep theirs. What becomes of items
 * without a key or with the same key twice follows Kustomize to the letter, losses included.
 */
export function mergeList(
  target: Sequence | undefined,
  patch: Node | undefined,
  type: SchemaType,
  merge: Merge,
): Sequence | undefined {
  if (patch === undefined) return target && mergeItems(target, undefined, type, merge);
  if (patch.kind !== "sequence") return undefined;
  // Kustomize does not look for a directive in a list that is new by itself.
  if (target === undefined) return mergeItems(patch, patch, type, merge);
  const { directive, patch: rest } = directedSequence(patch);
  if (directive === "delete") return undefined;
  if (target === patch) return mergeItems(rest, rest, type, merge);
  if (directive === "merge") return mergeItems(target, rest, type, merge);
  const replaced = mergeItems(rest, rest, type, merge);
  return { ...replaced, origin: { ...replaced.origin, before: target.origin } };
}

/** Merges the items; a target that is the patch itself is a new list. */
function mergeItems(
  target: Sequence,
  patch: Sequence | undefined,
  { mergeKeys, items: type }: SchemaType,
  merge: Merge,
): Sequence {
  const keys = mergeKeys.length === 0 ? [""] : mergeKeys;
  const own = listItems(target);
  const over = patch === target ? own : listItems(patch);
  const { used = keys, indexes = [] } = itemsByValues([own, over], keys) ?? {};
  const [ownIndex, overIndex] = indexes;
  const merged =
    ownIndex && overIndex
      ? mergeDistinct(ownIndex, overIndex, used, type, merge)
      : mergeByKeys(own, over, keys, type, merge);
  return withItems(
    target,
    [...merged].map(({ node }) => node),
  );
}

/** The usual case: every item has its keys, and no other has the same. */
function mergeDistinct(
  target: Map<string, Item>,
  patch: ReadonlyMap<string, Item>,
  keys: Keys,
  type: SchemaType | undefined,
  merge: Merge,
): Iterable<Item> {
  const merged = new Map<string, Item>();
  for (const values of new Set([...patch.keys(), ...target.keys()])) {
    const item = mergeItem(target.get(values), patch.get(values), keys, type, merge);
    if (item === undefined || isVoid(item.node)) target.delete(values);
    else merged.set(values, target.get(values) ?? item);
  }
  if (keys.length === 1) return merged.values();
  // With several keys, Kustomize takes each of the target's items out and appends it.
  for (const [values, item] of target) {
    merged.delete(values);
    merged.set(values, item);
  }
  return merged.values();
}

function mergeByKeys(
  target: readonly Item[],
  patch: readonly Item[],
  keys: Keys,
  type: SchemaType | undefined,
  merge: Merge,
): readonly Item[] {
  const all = distinctValues(patch === target ? [target] : [patch, target], keys);
  const used = usedKeys(all, keys);
  let own = target;
  let merged: readonly Item[] = [];
  for (const full of all) {
    const values = valuesOf(full, keys, used);
    // A new list is the target and the patch at once.
    const item = mergeItem(
      findItem(own, used, values),
      findItem(patch === target ? own : patch, used, values),
      used,
      type,
      merge,
    );
    if (item === undefined || isVoid(item.node)) own = setItem(own, used, values);
    else {
      setKeys(item, used, values);
      merged = setItem(merged, used, values, item);
    }
  }
  return all.length === 0 ? own : appended(merged, own, used);
}

/** The item that a merge leads to: it is the target's, unless there is none or the patch replaces it. */
function mergeItem(
  target: Item | undefined,
  patch: Item | undefined,
  keys: Keys,
  type: SchemaType | undefined,
  merge: Merge,
): Item | undefined {
  const old = target?.node;
  const node = merge(old, patch?.node, type);
  const directive = patch && takeDirective(patch);
  if (node === undefined) return undefined;
  const isPatch =
    target === undefined ||
    (patch !== undefined && (patch.node.kind !== "mapping" || directive === "replace"));
  const item = isPatch ? patch : target;
  if (item) item.node = isPatch ? node : withOldKeys(node, old, keys);
  return item;
}

/** A patch repeats the keys to say which item it is for: they were set where the item was. */
function withOldKeys(node: Node, old: Node | undefined, keys: Keys): Node {
  if (node.kind !== "mapping" || old?.kind !== "mapping" || node === old) return node;
  const entries = new Map(node.entries);
  for (const key of keys) {
    const value = entries.get(key);
    const before = old.entries.get(key);
    if (before && value && isSameScalar(value, before)) entries.set(key, before);
  }
  return { ...node, entries };
}

function isSameScalar(a: Node, b: Node): boolean {
  if (a.kind !== "scalar" || b.kind !== "scalar") return false;
  return a.text === b.text && a.type === b.type && a.quoted === b.quoted;
}

/** Takes `$patch` out of an item, which Kustomize does when it first reads it: it counts once. */
function takeDirective(item: Item): string | undefined {
  if (item.node.kind !== "mapping" || !hasDirective(item.node)) return undefined;
  const { directive, patch } = directedMapping(item.node);
  item.node = patch;
  return directive;
}

/** Writes the keys into an item that was found by what another said of them. */
function setKeys(item: Item, keys: Keys, values: Keys): void {
  for (const [index, key] of keys.entries()) {
    const text = values[index] ?? "";
    const { node } = item;
    if (text === "" || node.kind !== "mapping" || node.entries.has(key)) continue;
    item.node = withEntry(node, key, scalar(text, node.origin));
  }
}

/** The merged items and the target's, each of which takes the place of the one of the same keys. */
function appended(merged: readonly Item[], target: readonly Item[], keys: Keys): readonly Item[] {
  let items = merged;
  for (const item of target) {
    if (keys[0] === "") {
      items = setItem(items, keys, [textOf(item.node)], item);
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      const value = keyOf(item.node, key);
      if (value === undefined) items = [...items, item];
      else values.push(textOf(value));
    }
    if (keys.length > 1) items = setItem(items, keys, values);
    items = setItem(items, keys, values, item);
  }
  return items;
}

function keyOf(node: Node, key: string): Node | undefined {
  if (isNull(node)) return undefined;
  if (node.kind !== "mapping") throw wrongKind(node, "a mapping");
  return (node satisfies Mapping).entries.get(key);
}

function withItems(list: Sequence, items: readonly Node[]): Sequence {
  const isSame =
    items.length === list.items.length && items.every((node, index) => node === list.items[index]);
  return isSame ? list : { ...list, items };
}
