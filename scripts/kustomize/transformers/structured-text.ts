import { BuildError } from "../build-error.ts";
import type { Node, Scalar } from "../node/node.ts";
import { readDocuments } from "../yaml/read.ts";
import { parseInteger } from "../yaml/resolve.ts";
import { innerText } from "../yaml/source-text.ts";
import { scalarValue } from "../yaml/value.ts";
import { printAsWritten } from "./print-as-written.ts";

/** The YAML or JSON that a single value holds; undefined where it holds neither. */
export function parseText(scalar: Scalar): Node | undefined {
  try {
    return readDocuments(innerText(scalar), "resource")[0];
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

/**
 * A document as text in the place of an older one: JSON where that was JSON, on one line or on many
 * as it was, else YAML. Like Kustomize, JSON's keys are sorted.
 */
export function printText(document: Node, old: string): string {
  if (!isJson(old)) return printAsWritten(document, old).trim();
  const isLong = old.includes("\n") && old.includes("  ");
  return json(document, isLong ? "  " : "");
}

/** Whether Kustomize takes a text for JSON. */
export function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

function json(node: Node, indent: string, outer = ""): string {
  if (node.kind === "scalar") return scalarJson(node);
  const inner = outer + indent;
  const [open, close] = node.kind === "mapping" ? "{}" : "[]";
  const members =
    node.kind === "mapping"
      ? [...node.entries]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, value]) => `${text(key)}:${indent && " "}${json(value, indent, inner)}`)
      : node.items.map((item) => json(item, indent, inner));
  if (members.length === 0) return `${open}${close}`;
  const line = indent === "" ? "" : "\n";
  return `${open}${line}${members.map((member) => inner + member).join(`,${line}`)}${line}${outer}${close}`;
}

function scalarJson(scalar: Scalar): string {
  if (scalar.type === "integer") return String(parseInteger(scalar.text) ?? scalar.text);
  return text(scalarValue(scalar));
}

/** As Go's encoder writes it, which escapes HTML's special characters. */
function text(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
