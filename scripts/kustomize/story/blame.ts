import type { Place } from "../../yaml/place.ts";
import type { Node } from "../node/node.ts";
import { allSteps, type Operation, placeOf } from "../node/origin.ts";
import type { Resource } from "../resource/resource.ts";
import { printLines } from "../yaml/lines.ts";

/** A printed line, and what wrote the value that it shows. */
export type BlamedLine = {
  readonly line: string;
  readonly operation: Operation;
  /** Undefined where nothing is written anywhere, as for a label with the version of kustomize. */
  readonly place: Place | undefined;
};

/** Every line that is printed of a resource, with the file, the line and the transformer behind it. */
export function blame({ object }: Resource): readonly BlamedLine[] {
  return printLines(object).map(({ text, node }) => ({ line: text, ...lastStep(node) }));
}

/** The newest step names the operation; a computed value has the place of what it was before. */
function lastStep({ origin }: Node): Omit<BlamedLine, "line"> {
  const { operation } = origin;
  for (const { mark, by } of allSteps(origin)) {
    const spot = mark ?? by;
    if (spot) return { operation, place: placeOf(spot) };
  }
  return { operation, place: undefined };
}
