import { BuildError } from "../build-error.ts";
import type { Node, Sequence } from "../node/node.ts";

/**
 * An item of a list on its way through a merge. The node changes in place, so that an item which
 * stands in the target's list and in the merged one is merged in both, as it is in Kustomize.
 */
export type Item = { node: Node };

/** Field names, or one empty name where items are found by their text. */
export type Keys = readonly string[];

/** The items of a list. One that an earlier merge doubled stays one item that stands there twice. */
export function listItems(list: Sequence | undefined): readonly Item[] {
  const items = new Map<Node, Item>();
  return (list?.items ?? []).map((node) => {
    const item = items.get(node) ?? { node };
    items.set(node, item);
    return item;
  });
}

export function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.type === "null";
}

/** What Kustomize takes for no item at all. */
export function isVoid(node: Node): boolean {
  return isNull(node) || (node.kind === "mapping" && node.entries.size === 0);
}

/** The text of a scalar; empty for a mapping or list. */
export function textOf(node: Node): string {
  return node.kind === "scalar" ? node.text : "";
}

/** The values that an item has under the keys; empty for those that it lacks. */
export function keyValues(node: Node, keys: Keys): readonly string[] {
  return keys.map((key) => {
    if (key === "") return textOf(node);
    const value = node.kind === "mapping" ? node.entries.get(key) : undefined;
    return value === undefined || isNull(value) ? "" : textOf(value);
  });
}

/** The first item that has the values; those that are empty count only where all of them are. */
export function findItem(items: readonly Item[], keys: Keys, values: Keys): Item | undefined {
  if (keys[0] === "") return items.find(({ node }) => textOf(node) === values[0]);
  const asked = values.some((value) => value !== "")
    ? keys.flatMap((key, index) => (values[index] ? [[key, values[index]] as const] : []))
    : keys.map((key) => [key, ""] as const);
  return items.find(({ node }) =>
    asked.every(([key, value]) => {
      const found = node.kind === "mapping" ? node.entries.get(key) : undefined;
      return found !== undefined && textOf(found) === value;
    }),
  );
}

/**
 * The list with an item in the place of each that has the same values, or at its end; without an
 * item, these are taken out. With no values at all, every other item is lost.
 */
export function setItem(
  items: readonly Item[],
  keys: Keys,
  values: Keys,
  item?: Item,
): readonly Item[] {
  const setsMapping = keys[0] !== "" && values[0] !== undefined && values[0] !== "";
  const kept: Item[] = [];
  let isThere = false;
  for (const one of items) {
    if (isVoid(one.node)) continue;
    if (setsMapping && one.node.kind !== "mapping") kept.push(one);
    else if (hasValues(one.node, keys, values)) {
      isThere = true;
      if (item) kept.push(item);
    } else if (values.length > 0) kept.push(one);
  }
  if (item && !isThere && !isNull(item.node)) kept.push(item);
  return kept;
}

/** Whether an item has the values; an empty one stands for any, a missing one for the one before. */
function hasValues(node: Node, keys: Keys, values: Keys): boolean {
  if (values.length === 0) return false;
  for (const [index, value] of values.entries()) {
    const key = keys[index];
    if (key === undefined) break;
    if (key === "") {
      if (node.kind !== "scalar") throw wrongKind(node, "a single value");
      if (node.text !== value) return false;
    } else {
      if (node.kind !== "mapping") throw wrongKind(node, "a mapping");
      const found = node.entries.get(key);
      if (found === undefined || (value !== "" && textOf(found) !== value)) return false;
    }
  }
  return true;
}

/** The error for an item that cannot be found by the keys of its list. */
export function wrongKind(node: Node, expected: string): BuildError {
  const is = { scalar: "a single value", mapping: "a mapping", sequence: "a list" }[node.kind];
  return new BuildError(
    `Cannot merge a list: one of its items is ${is}, and ${expected} is expected there`,
    { mark: node.origin.mark },
  );
}
