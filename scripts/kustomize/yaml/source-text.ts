import type { Place } from "../../yaml/place.ts";
import type { Scalar } from "../node/node.ts";
import type { SourceText } from "../node/origin.ts";
import { alignText } from "./align.ts";

/** A file as a source: offsets are UTF-16 units of its text. */
export function fileText(file: string, text: string): SourceText {
  let starts: readonly number[] | undefined;
  return {
    file,
    text,
    placeAt(offset): Place {
      starts ??= lineStarts(text);
      const line = lineOf(starts, offset);
      return { file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
    },
  };
}

/**
 * The text of a scalar as a source of its own, such as a patch written inline: its offsets become
 * lines and columns of the file that holds the scalar, whatever its indentation, quotes and folds.
 */
export function innerText({ text, origin }: Scalar): SourceText {
  const mark = origin.mark ?? origin.by;
  if (mark === undefined) return { file: "", text, placeAt: () => ({ file: "" }) };
  let offsets: ((offset: number) => number) | undefined;
  return {
    file: mark.source.file,
    text,
    placeAt(offset) {
      offsets ??= alignText(text, mark.source.text, mark.offset);
      return mark.source.placeAt(offsets(offset));
    },
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low;
}
