import type { Place } from "../../yaml/place.ts";
import type { Node } from "../node/node.ts";
import { allSteps, type Mark, type Operation, type Origin, placeOf } from "../node/origin.ts";

/** One thing that happened to a value, for a person to read. */
export type StoryStep = {
  readonly operation: Operation;
  /** Where the value is written; undefined for one that is computed. */
  readonly written: Spot | undefined;
  /** The entry of the kustomization that did it. */
  readonly by: Spot | undefined;
  /** Whether nothing of it is left in the output: a later step put something else in its place. */
  readonly isHistory: boolean;
  /** The stories of the values that it was made from. */
  readonly from: readonly (readonly StoryStep[])[];
};

/** A place and the line of the source that stands there. */
export type Spot = { readonly place: Place; readonly quote: string };

/** The story of a value, from the file that it began in to what changed it last. */
export function storyOf({ origin }: Node, depth = 0): readonly StoryStep[] {
  let isHistory = false;
  const steps: StoryStep[] = [];
  for (const step of allSteps(origin)) {
    steps.push(tell(step, isHistory, depth));
    if (step.keeps !== true) isHistory = true;
  }
  return steps.reverse();
}

/** The story of something that a patch took away. */
export function removalStory(origin: Origin): readonly StoryStep[] {
  const [last, ...before] = [...allSteps(origin)].map((step) => tell(step, true, 0));
  return last === undefined ? [] : [...before.reverse(), { ...last, isHistory: false }];
}

/** A name may come from a name that comes from a name; a circle must end. */
const deepest = 4;

function tell(
  { operation, mark, by, from = [] }: Origin,
  isHistory: boolean,
  depth: number,
): StoryStep {
  return {
    operation,
    written: mark && spotOf(mark),
    by: by && spotOf(by),
    isHistory,
    from: depth < deepest ? from.map((node) => storyOf(node, depth + 1)) : [],
  };
}

function spotOf(mark: Mark): Spot {
  const { text } = mark.source;
  const start = text.lastIndexOf("\n", mark.offset - 1) + 1;
  const end = text.indexOf("\n", mark.offset);
  return { place: placeOf(mark), quote: text.slice(start, end < 0 ? undefined : end).trimEnd() };
}
