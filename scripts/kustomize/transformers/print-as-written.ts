import { BuildError } from "../build-error.ts";
import type { Mapping, Node, Scalar, Sequence } from "../node/node.ts";
import { resolvePlain } from "../yaml/resolve.ts";

/**
 * A document that was read from a text as Kustomize writes it back: indented by two, lists not
 * indented, each value in the quotes that it had. Comments and quoted keys are not kept by a node, so a
 * text that has them is refused rather than changed.
 */
export function printAsWritten(document: Node, old: string): string {
  if (notKept.some((pattern) => pattern.test(old))) {
    throw new BuildError(
      "it is inside of a text with comments, anchors, tags or quoted keys, which would be lost; replace the text as a whole",
    );
  }
  return block(document, "", old).join("\n");
}

/** Comments, keys in quotes, keys that are more than a text, and what refers or is tagged. */
const notKept = [
  /(?:^|\s)#/m,
  /^[\s-]*(?:"[^"\n]*"|'[^'\n]*')\s*:(?:\s|$)/m,
  /^[\s-]*\?\s/m,
  /(?:^|: |- |[[{,] ?)[&*!][\w!]/m,
];

function block(node: Node, indent: string, old: string): string[] {
  if (node.kind === "scalar") return scalarLines(node, indent, old);
  if (isFlow(node, old)) return [flow(node, old)];
  return node.kind === "mapping" ? mappingLines(node, indent, old) : listLines(node, indent, old);
}

function mappingLines({ entries }: Mapping, indent: string, old: string): string[] {
  return [...entries].flatMap(([key, value]) => {
    if (value.kind === "scalar" || isFlow(value, old)) {
      const [first = "", ...more] = block(value, `${indent}  `, old);
      return [`${indent}${key}:${first && " "}${first}`, ...more];
    }
    const deeper = value.kind === "mapping" ? `${indent}  ` : indent;
    return [`${indent}${key}:`, ...block(value, deeper, old)];
  });
}

function listLines({ items }: Sequence, indent: string, old: string): string[] {
  return items.flatMap((item) => {
    const [first = "", ...more] = block(item, `${indent}  `, old);
    const isBlock = item.kind !== "scalar" && !isFlow(item, old);
    const text = isBlock ? first.slice(indent.length + 2) : first;
    return [`${indent}-${text && " "}${text}`, ...more];
  });
}

function flow(node: Node, old: string): string {
  if (node.kind === "scalar") return scalarLines(node, "", old).join(" ");
  if (node.kind === "sequence") return `[${node.items.map((item) => flow(item, old)).join(", ")}]`;
  const members = [...node.entries].map(([key, value]) => `${key}: ${flow(value, old)}`);
  return `{${members.join(", ")}}`;
}

function scalarLines(node: Scalar, indent: string, old: string): string[] {
  const { text, type } = node;
  const quote = firstCharacter(node, old);
  if (text.includes("\n")) return literalLines(text, indent);
  if (quote === "'" && isPrintable(text)) return [`'${text.replaceAll("'", "''")}'`];
  if (quote === '"') return [JSON.stringify(text)];
  if (type !== "string") return [text];
  if (resolvePlain(text, "v3") !== "string") return [JSON.stringify(text)];
  if (!isPrintable(text)) return [JSON.stringify(text)];
  const isPlain = !/^[\s&*!|>'"%@`{}[\],#?-]|: |:$| #|\s$/.test(text) || /^[?-][^\s]/.test(text);
  return [isPlain ? text : `'${text.replaceAll("'", "''")}'`];
}

function literalLines(text: string, indent: string): string[] {
  const chomp = text.endsWith("\n\n") ? "+" : text.endsWith("\n") ? "" : "-";
  const lines = text.replace(/\n$/, "").split("\n");
  return [`|${chomp}`, ...lines.map((line) => (line === "" ? "" : indent + line))];
}

/** What an unchanged value, or the one that it was made from, begins with in the old text. */
function firstCharacter({ origin }: Node, old: string): string {
  let first = origin;
  while (first.before) first = first.before;
  return first.mark?.source.text === old ? old.charAt(first.mark.offset) : "";
}

function isFlow(node: Mapping | Sequence, old: string): boolean {
  if (node.kind === "mapping" ? node.entries.size === 0 : node.items.length === 0) return true;
  let first = node.origin;
  while (first.before) first = first.before;
  if (first.mark?.source.text !== old) return false;
  // The mark of a value is that of its key where it has one.
  return /^(?:[^\s:]+:\s+)?[{[]/.test(old.slice(first.mark.offset));
}

function isPrintable(text: string): boolean {
  return /^[\x20-\x7E\xA0-\uD7FF\uE000-\uFFFD]*$/.test(text);
}
