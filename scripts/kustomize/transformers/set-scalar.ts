import { BuildError } from "../build-error.ts";
import type { Node, Scalar, ScalarType } from "../node/node.ts";
import type { Origin } from "../node/origin.ts";
import { isQuoted } from "../patches/quoted.ts";
import { resolvePlain } from "../yaml/resolve.ts";

/** A text as it is written into a field, and its type. */
export type Written = Pick<Scalar, "text" | "type" | "untagged">;

/** A scalar in the place of another; in that of a mapping or list it is an error. */
export function setScalar(
  old: Node,
  isNew: boolean,
  { text, type, untagged }: Written,
  step: Omit<Origin, "before">,
): Scalar {
  if (old.kind !== "scalar") {
    const what = old.kind === "mapping" ? "a mapping" : "a list";
    throw new BuildError(`Cannot set ${what} to "${text}": the field should hold a single value`, {
      mark: old.origin.mark ?? step.by ?? step.mark,
    });
  }
  const origin = isNew ? { ...step, keeps: false } : { ...step, before: old.origin };
  return { kind: "scalar", type, text, origin, ...(untagged && { untagged }) };
}

/** A text in the place of a value, with its type: what stood in quotes stays a text. */
export function writtenOver(old: Scalar | undefined, text: string): Written {
  const isText = old?.quoted ?? (old !== undefined && !old.untagged && isQuoted(old));
  if (isText) return { text, type: "string" };
  return { text, type: resolvePlain(text, "v3"), untagged: true };
}

/** The type of a text that is written where a value was: what stood in quotes stays a string. */
export function typeInPlaceOf(old: Scalar, text: string): ScalarType {
  return isQuoted(old) ? "string" : resolvePlain(text, "v3");
}
