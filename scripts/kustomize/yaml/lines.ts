import type { Mapping, Node } from "../node/node.ts";
import { printObject } from "./print.ts";

/** A printed line and the value that it shows: a mapping's or list's own line shows that. */
export type Line = {
  /** Without its line break. */
  readonly text: string;
  readonly path: readonly (string | number)[];
  readonly node: Node;
};

/**
 * The lines of an object as `printDocuments` prints it. A line that opens several values at once,
 * such as `- name: x`, shows the innermost; each line of a text over several shows that text.
 */
export function printLines(object: Mapping): readonly Line[] {
  const shown: { offset: number; path: readonly (string | number)[]; node: Node }[] = [];
  let path: readonly (string | number)[] = [];
  const text = printObject(object, (offset, depth, part, node) => {
    path = [...path.slice(0, depth), part];
    shown.push({ offset, path, node });
  });
  const lines: Line[] = [];
  let current: Pick<Line, "path" | "node"> = { path: [], node: object };
  let next = 0;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    for (let at = shown[next]; at !== undefined && at.offset < end; at = shown[next]) {
      current = at;
      next += 1;
    }
    lines.push({ text: text.slice(start, end), path: current.path, node: current.node });
    start = end + 1;
  }
  return lines;
}
