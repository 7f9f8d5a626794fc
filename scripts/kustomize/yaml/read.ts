import type { Node } from "../node/node.ts";
import type { Mark, Operation, SourceText } from "../node/origin.ts";
import { type Chunk, splitDocuments, wholeText } from "./documents.ts";
import { parseDocument } from "./parse.ts";
import { failure, type Reading } from "./reading.ts";

/**
 * The documents of a source that holds resources, read as kustomize does: split at lines that begin
 * with `---`, plain scalars by the rules of go-yaml v3, anchors and merge keys resolved. Documents
 * without a value are left out; one that is an empty mapping is not.
 * `operation` and `by` become the origin of every value. A scalar's mark is its first character, of
 * a quoted one the quote, of a block its `|` or `>`; a mapping's or list's is the key it stands
 * under, or its own start.
 */
export function readDocuments(
  source: SourceText,
  operation: Operation,
  by?: Mark,
): readonly Node[] {
  const documents: Node[] = [];
  for (const chunk of splitDocuments(source)) {
    const node = readChunk(chunk, { source, operation, by, rules: "v3", keys: "unique" });
    if (node !== undefined) documents.push(node);
  }
  return documents;
}

/**
 * The first document of a source that is configuration (a kustomization, a JSON patch): kustomize
 * reads these by the rules of YAML 1.1, where `yes` is a boolean, and most of them without minding a
 * key that is written twice.
 */
export function readConfiguration(
  source: SourceText,
  operation: Operation,
  by?: Mark,
  keys: "unique" | "last" = "last",
): Node | undefined {
  return readChunk(wholeText(source), { source, operation, by, rules: "v2", keys });
}

/** What go-yaml refuses to read at all. */
const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x84\x86-\x9F\uFFFE\uFFFF]/;

function readChunk(chunk: Chunk, reading: Reading): Node | undefined {
  const { text, offsetOf } = chunk;
  const control = text.search(forbidden);
  if (control >= 0) {
    const code = text.charCodeAt(control).toString(16).toUpperCase().padStart(4, "0");
    throw failure(reading.source, offsetOf(control), `the character U+${code} is not allowed`);
  }
  // Kustomize reads one document of each part; what follows it is not looked at.
  const node = parseDocument(chunk, reading);
  return node?.kind === "scalar" && node.type === "null" ? undefined : node;
}
