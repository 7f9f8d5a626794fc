import type { BuildError } from "../build-error.ts";
import { type Mapping, type Node, withEntry, withItem } from "../node/node.ts";

/** Makes the error for an operation that cannot be applied. */
export type Fail = (why: string) => BuildError;

/** Where a JSON pointer leads: the keys to the container, and the key in it. */
export type Pointer = {
  readonly path: string;
  readonly parents: readonly string[];
  readonly key: string;
};

/** Reads `path` or `from` of an operation; what stands before the first slash does not count. */
export function readPointer(operation: Mapping, name: "path" | "from", fail: Fail): Pointer {
  const node = operation.entries.get(name);
  if (node?.kind !== "scalar" || node.type !== "string") {
    throw fail(`it has no "${name}" that is a text`);
  }
  const [, ...keys] = node.text.split("/").map(unescaped);
  return { path: node.text, parents: keys.slice(0, -1), key: keys.at(-1) ?? "" };
}

function unescaped(key: string): string {
  return key.replace(/~[01]/g, (escaped) => (escaped === "~1" ? "/" : "~"));
}

export type Container = Exclude<Node, { readonly kind: "scalar" }>;

/** The root with the container that a pointer leads to changed. */
export function edit(
  root: Node,
  at: Pointer,
  fail: Fail,
  change: (container: Container) => Node,
): Node {
  if (!at.path.includes("/")) throw fail(`"${at.path}" is no path: it should begin with "/"`);
  const step = (node: Node | undefined, depth: number): Node => {
    if (node === undefined || node.kind === "scalar") {
      throw fail(`the object has no "/${at.parents.slice(0, depth).join("/")}" to hold a value`);
    }
    const key = at.parents[depth];
    if (key === undefined) return change(node);
    if (node.kind === "mapping") {
      const child = node.entries.get(key);
      const changed = step(child, depth + 1);
      return changed === child ? node : withEntry(node, key, changed);
    }
    const index = positionOf(key, node.items.length);
    const child = index === undefined ? undefined : node.items[index];
    const changed = step(child, depth + 1);
    return changed === child ? node : withItem(node, index ?? 0, changed);
  };
  return step(root, 0);
}

/** The index of an item that is there. */
export function existingIndex(items: readonly Node[], at: Pointer, fail: Fail): number {
  const index = indexOf(at, items.length, fail);
  if (index < items.length) return index;
  throw outside(at, items.length, fail);
}

/** The index at which an item is put in; \`-\` is the end. */
export function newIndex(items: readonly Node[], at: Pointer, fail: Fail): number {
  const index = at.key === "-" ? items.length : indexOf(at, items.length + 1, fail);
  if (index > items.length) throw outside(at, items.length, fail);
  return index;
}

function indexOf(at: Pointer, length: number, fail: Fail): number {
  const index = positionOf(at.key, length);
  if (index !== undefined) return index;
  throw /^[-+]?[0-9]+$/.test(at.key)
    ? outside(at, length, fail)
    : fail(`"${at.key}" in "${at.path}" is no index of a list`);
}

/** A position in a list; a negative one counts from the end. */
function positionOf(key: string, length: number): number | undefined {
  if (!/^[-+]?[0-9]+$/.test(key)) return undefined;
  const index = Number(key);
  if (index >= 0) return index;
  return index < -length ? undefined : index + length;
}

function outside(at: Pointer, length: number, fail: Fail): BuildError {
  return fail(`"${at.path}" is outside of the list, which has ${length} items`);
}
