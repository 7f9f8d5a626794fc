import { SlipwayError } from "../../errors.ts";
import type { Node } from "../node/node.ts";
import type { Resource } from "../resource/resource.ts";
import { readPath } from "./path.ts";
import { removalStory, type StoryStep, storyOf } from "./step.ts";

/** How one value of an object came to be. */
export type Explanation = {
  /** Undefined where the value was there and a patch took it away. */
  readonly value: Node | undefined;
  /** Oldest first. */
  readonly steps: readonly StoryStep[];
};

/**
 * The story of the value at a path such as `spec.template.spec.containers[name=router].image`.
 * Throws a `SlipwayError` that says how far the path leads where there is no such value.
 */
export function explain({ object }: Resource, path: string): Explanation {
  const { node, owner, rest } = readPath(object, path);
  if (rest === "") return { value: node, steps: storyOf(node) };
  const removal = owner.kind === "mapping" ? owner.removed?.get(rest) : undefined;
  if (removal) return { value: undefined, steps: removalStory(removal) };
  throw new SlipwayError(`There is no "${path}": ${whatIsThere(owner, rest)}`);
}

function whatIsThere(owner: Node, rest: string): string {
  if (owner.kind === "scalar") return `the value before "${rest}" is "${owner.text}"`;
  if (owner.kind === "mapping") {
    return `in place of "${rest}" there are ${quoted([...owner.entries.keys()])}`;
  }
  const names = owner.items.flatMap((item) => {
    const name = item.kind === "mapping" ? item.entries.get("name") : undefined;
    return name?.kind === "scalar" ? [`[name=${name.text}]`] : [];
  });
  const last = owner.items.length - 1;
  if (names.length > 0) return `in place of "${rest}" there are ${quoted(names)}`;
  return last < 0 ? "the list is empty" : `the list has the items [0] to [${last}]`;
}

function quoted(names: readonly string[]): string {
  return names.length === 0 ? "no fields" : names.map((name) => `"${name}"`).join(", ");
}
