import { BuildError } from "../build-error.ts";
import type { Node, Scalar } from "../node/node.ts";
import { foldDouble, foldPlain, foldSingle, literalBlock } from "./fold.ts";
import { parseBoolean, printedFloat, printedInteger } from "./numbers.ts";
import { isOrdinary, styleOf } from "./scalar-style.ts";
import { throughJson } from "./through-json.ts";
import { formatTimestamp } from "./timestamp.ts";

/** The value of a scalar as it is printed at a column, with the end of its last line. */
export function printScalar(scalar: Scalar, indent: number, column: number): string {
  const { type, text } = scalar;
  if (type === "string")
    return isOrdinary(text) ? `${text}\n` : printText(checked(text, scalar), indent, column);
  if (type === "integer") return `${printedInteger(text)}\n`;
  if (type === "boolean") return `${parseBoolean(text)}\n`;
  if (type === "null") return "null\n";
  if (type === "timestamp") return `"${formatTimestamp(text) ?? text}"\n`;
  return `${floatOf(scalar)}\n`;
}

/** A key that stands in the line of its value, with its colon; undefined where it is too long. */
export function printSimpleKey(key: string, value: Node): PrintedKey | undefined {
  let known = simpleKeys.get(key);
  if (known !== undefined) return known;
  const name = key.includes("\u0085") ? undefined : throughJson(key);
  if (name === undefined) throw unprintable(key, value);
  if (!isSimpleKey(name)) return undefined;
  const text = `${printText(name, 0, Number.NEGATIVE_INFINITY).slice(0, -1)}:`;
  known = { text, width: width(text) };
  if (simpleKeys.size > 50_000) simpleKeys.clear();
  simpleKeys.set(key, known);
  return known;
}

export type PrintedKey = { readonly text: string; readonly width: number };

const simpleKeys = new Map<string, PrintedKey>();

/** A key in a line of its own behind a `?`, up to the colon in the next line. */
export function printLongKey(key: string, value: Node, indent: number): string {
  const text = printText(checked(key, value), indent + 2, indent + 2);
  return `? ${text}${" ".repeat(indent)}:`;
}

/** Keys as they are read and printed by the YAML library stand in one line of at most 128 bytes. */
function isSimpleKey(key: string): boolean {
  return !/[\n\r\u0085\u2028\u2029]/.test(key) && (key.length <= 42 || bytes(key) <= 128);
}

function printText(text: string, indent: number, column: number): string {
  switch (styleOf(text)) {
    case "plain":
      return `${column + text.length > 80 ? foldPlain(text, indent, column) : text}\n`;
    case "single":
      return `${foldSingle(text, indent, column)}\n`;
    case "double":
      return `${foldDouble(text, indent, column)}\n`;
    case "literal":
      return literalBlock(text, indent);
  }
}

/** The text that is left after the way through JSON that kustomize sends it. */
function checked(text: string, node: Node): string {
  const changed = throughJson(text);
  if (changed === undefined) throw unprintable(text, node);
  return changed;
}

function unprintable(text: string, node: Node): BuildError {
  return new BuildError(
    `Cannot print a text with a control character, which YAML does not allow: ${JSON.stringify(text.slice(0, 60))}`,
    { mark: node.origin.mark, help: "Take the character out" },
  );
}

function floatOf({ text, origin }: Scalar): string {
  const printed = printedFloat(text);
  if (printed !== undefined) return printed;
  throw new BuildError(`Cannot print the number "${text}": JSON has no such number`, {
    mark: origin.mark,
    help: `Write it in quotes: "${text}"`,
  });
}

function width(text: string): number {
  // Only a key with letters beyond the basic plane is wider in units than in columns.
  return /[\ud800-\udbff]/.test(text) ? [...text].length : text.length;
}

function bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
