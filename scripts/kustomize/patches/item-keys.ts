import { type Item, isVoid, type Keys, keyValues } from "./list-items.ts";

/**
 * The values that tell the items of several lists apart, each once, in order. Where a list has
 * several keys, items that agree as far as both say something count as one.
 */
export function distinctValues(lists: readonly (readonly Item[])[], keys: Keys): readonly Keys[] {
  const distinct = new Map<string, Keys>();
  for (const { node } of lists.flat()) {
    const values = keyValues(node, keys);
    const id = values.join("\0");
    if (!distinct.has(id)) distinct.set(id, values);
  }
  return keys.length > 1 ? unified([...distinct.values()]) : [...distinct.values()];
}

/** The keys that some item has; all of them where none has any. */
export function usedKeys(all: readonly Keys[], keys: Keys): Keys {
  const used = keys.filter((_, index) => all.some((values) => values[index] !== ""));
  return used.length === 0 ? keys : used;
}

/** The values under some of the keys. */
export function valuesOf(values: Keys, keys: Keys, some: Keys): Keys {
  return some.map((key) => values[keys.indexOf(key)] ?? "");
}

/**
 * The keys that are used and the items of each list by their values, where all items can be told
 * apart: then nothing of the odd rules for the others applies.
 */
export function itemsByValues(
  lists: readonly (readonly Item[])[],
  keys: Keys,
): { readonly used: Keys; readonly indexes: readonly Map<string, Item>[] } | undefined {
  const used = usedKeys(
    lists.flat().map(({ node }) => keyValues(node, keys)),
    keys,
  );
  const indexes: Map<string, Item>[] = [];
  for (const items of lists) {
    const index = new Map<string, Item>();
    for (const item of items) {
      const { node } = item;
      const values = keyValues(node, used);
      if (isVoid(node) || values.includes("")) return undefined;
      if (node.kind !== (keys[0] === "" ? "scalar" : "mapping")) return undefined;
      index.set(values.join("\0"), item);
    }
    if (index.size < items.length) return undefined;
    indexes.push(index);
  }
  return { used, indexes };
}

function unified(all: Keys[]): readonly Keys[] {
  for (let first = 0; first < all.length; first += 1) {
    const values = all[first] ?? [];
    for (let second = 0; second < all.length; second += 1) {
      const both = agreed(values, all[second] ?? []);
      if (both === undefined) continue;
      all[first] = both;
      all[second] = both;
    }
  }
  return all;
}

function agreed(first: Keys, second: Keys): Keys | undefined {
  if (!first.some((value, index) => value === second[index])) return undefined;
  const both: string[] = [];
  for (const [index, value] of first.entries()) {
    const other = second[index] ?? "";
    if (value !== other && value !== "" && other !== "") return undefined;
    both.push(value === "" ? other : value);
  }
  return both;
}
