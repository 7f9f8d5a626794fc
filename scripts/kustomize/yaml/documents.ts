import type { SourceText } from "../node/origin.ts";
import { failure } from "./reading.ts";

/** A part of a source that holds one document, with line breaks as `\n` and without a mark of byte order. */
export type Chunk = {
  readonly text: string;
  /** The offset in the source of an offset in the part. */
  readonly offsetOf: (offset: number) => number;
};

/**
 * The documents of a source as kustomize cuts them, before anything is parsed: at each line that
 * begins with `---`, where only a comment may follow. A `---` in the first or last line is left to
 * the parser.
 */
export function splitDocuments(source: SourceText): readonly Chunk[] {
  const { text, offsetOf } = wholeText(source);
  const chunks: Chunk[] = [];
  let from = 0;
  const add = (end: number): void => {
    chunks.push(chunkOf(text, from, end, offsetOf));
  };
  for (let at = text.indexOf("\n---"); at >= 0; at = text.indexOf("\n---", from)) {
    const end = text.indexOf("\n", at + 4);
    if (end < 0) break;
    const rest = text.slice(at + 4, end).trim();
    if (rest !== "" && !rest.startsWith("#")) {
      throw failure(
        source,
        offsetOf(at + 1),
        `"---${text.slice(at + 4, end)}" is no separator of documents`,
        'Leave "---" alone on its line; only a comment may follow it',
      );
    }
    add(at + 1);
    // The break that ends a separator cannot begin the next one.
    from = end + 1;
  }
  add(text.length);
  return chunks;
}

/** The whole source as one part. */
export function wholeText({ text }: SourceText): Chunk {
  if (!text.includes("\r\n")) return chunkOf(text, 0, text.length, (offset) => offset);
  // Offsets in the shortened text, one for each carriage return that was taken out before it.
  const removed: number[] = [];
  for (let at = text.indexOf("\r\n"); at >= 0; at = text.indexOf("\r\n", at + 2)) {
    removed.push(at - removed.length);
  }
  const shortened = text.replaceAll("\r\n", "\n");
  return chunkOf(shortened, 0, shortened.length, (offset) => offset + countBelow(removed, offset));
}

function chunkOf(
  text: string,
  from: number,
  end: number,
  offsetOf: (offset: number) => number,
): Chunk {
  const start = text.charCodeAt(from) === 0xfeff ? from + 1 : from;
  // Both are line breaks of YAML 1.1, and as long as the one that everybody knows.
  const part = text.slice(start, end).replace(/[\r\u0085]/g, "\n");
  return { text: part, offsetOf: (offset) => offsetOf(start + offset) };
}

function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
