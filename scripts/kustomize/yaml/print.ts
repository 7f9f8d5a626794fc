import type { Mapping, Node, Sequence } from "../node/node.ts";
import { sortedKeys } from "./key-order.ts";
import { printLongKey, printScalar, printSimpleKey } from "./print-scalar.ts";

/**
 * Objects as kustomize prints them: sorted keys, lists not indented, lines folded behind column 80.
 * Throws a `BuildError` for what kustomize cannot print either.
 */
export function printDocuments(objects: Iterable<Mapping>): string {
  let text = "";
  for (const object of objects) {
    if (text !== "") text += "---\n";
    text += printObject(object);
  }
  return text;
}

/**
 * Called at each entry and item on the way, before it is printed: where its line or part of a line
 * begins, how deep it is, its key or index, and the value.
 */
export type Visit = (offset: number, depth: number, part: string | number, node: Node) => void;

/** One object as `printDocuments` prints it. */
export function printObject(object: Mapping, visit?: Visit): string {
  if (object.entries.size === 0) return "{}\n";
  let text = "";
  printEntries(object, 0, 0);
  return text;

  /** Prints entries from the current column on, which is `indent`. */
  function printEntries({ entries }: Mapping, indent: number, depth: number): void {
    let isFirst = true;
    for (const key of sortedKeys(entries)) {
      const value = entries.get(key) as Node;
      if (isFirst) isFirst = false;
      else text += padding(indent);
      visit?.(text.length, depth, key, value);
      const simple = printSimpleKey(key, value);
      text += simple === undefined ? printLongKey(key, value, indent) : simple.text;
      printValue(value, indent, simple?.width, depth);
    }
  }

  function printItems({ items }: Sequence, indent: number, depth: number): void {
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index] as Node;
      if (index > 0) text += padding(indent);
      visit?.(text.length, depth, index, item);
      text += "-";
      printItem(item, indent, depth);
    }
  }

  /** Prints a value behind a key of a width, or behind the colon of a key that is too long. */
  function printValue(value: Node, indent: number, width: number | undefined, depth: number): void {
    if (value.kind === "scalar") {
      text += ` ${printScalar(value, indent + 2, indent + (width ?? 1) + 1)}`;
    } else if (isEmpty(value)) text += value.kind === "mapping" ? " {}\n" : " []\n";
    else if (width === undefined) printNested(value, indent, depth);
    else if (value.kind === "mapping") {
      text += `\n${padding(indent + 2)}`;
      printEntries(value, indent + 2, depth + 1);
    } else {
      text += `\n${padding(indent)}`;
      printItems(value, indent, depth + 1);
    }
  }

  function printItem(item: Node, indent: number, depth: number): void {
    if (item.kind === "scalar") text += ` ${printScalar(item, indent + 2, indent + 2)}`;
    else if (isEmpty(item)) text += item.kind === "mapping" ? " {}\n" : " []\n";
    else printNested(item, indent, depth);
  }

  /** A mapping or list that begins in the line of its `-`, or of the `:` of a long key. */
  function printNested(node: Mapping | Sequence, indent: number, depth: number): void {
    text += " ";
    if (node.kind === "mapping") printEntries(node, indent + 2, depth + 1);
    else printItems(node, indent + 2, depth + 1);
  }
}

function isEmpty(node: Mapping | Sequence): boolean {
  return node.kind === "mapping" ? node.entries.size === 0 : node.items.length === 0;
}

const paddings: string[] = [];

function padding(width: number): string {
  const known = paddings[width];
  if (known !== undefined) return known;
  const made = " ".repeat(width);
  paddings[width] = made;
  return made;
}
