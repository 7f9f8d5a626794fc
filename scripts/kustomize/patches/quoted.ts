import type { Scalar } from "../node/node.ts";
import { allSteps, type Origin } from "../node/origin.ts";
import { styleOf } from "../yaml/scalar-style.ts";

/**
 * Whether a text stands in quotes or in a block. Kustomize keeps this of the value that was there
 * first: what takes its place becomes a text too, so 7 over "5" is "7", but 7 over five is 7.
 */
export function isQuoted({ type, text, quoted, origin }: Scalar): boolean {
  if (type !== "string") return false;
  if (quoted !== undefined) return quoted;
  const first = oldest(origin);
  if (first.mark !== undefined && written.has(first.operation)) {
    return /["'|>]/.test(first.mark.source.text.charAt(first.mark.offset));
  }
  // What Kustomize writes itself it quotes where it has to.
  return needsQuotes(text);
}

/** Whether Kustomize quotes a text that it writes itself. */
export function needsQuotes(text: string): boolean {
  return styleOf(text) !== "plain";
}

/** Operations whose values stand in YAML as they are; a mark of the others leads to other text. */
const written: ReadonlySet<string> = new Set(["resource", "strategic merge patch"]);

function oldest(origin: Origin): Origin {
  let last = origin;
  for (const step of allSteps(origin)) last = step;
  return last;
}
