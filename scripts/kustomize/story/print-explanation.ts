import type { Explanation } from "./explain.ts";
import { type Paint, painter, sameLine, shortPlace } from "./paint.ts";
import type { Spot, StoryStep } from "./step.ts";

/**
 * Tells a value's story to a person: each step with its place, the line that stands there and the
 * entry of the kustomization that did it.
 */
export function printExplanation(
  { value, steps }: Explanation,
  title: string,
  { colour }: { readonly colour: boolean },
): string {
  const paint = painter(colour);
  const is =
    value === undefined
      ? "was removed"
      : value.kind === "scalar"
        ? `is ${JSON.stringify(value.text)}`
        : `is a ${value.kind === "mapping" ? "mapping" : "list"}`;
  const heading = `${paint("bold", title)} ${is}`;
  return `${[heading, ...steps.flatMap((step) => ["", ...stepLines(step, paint, "  ")])].join("\n")}\n`;
}

function stepLines(step: StoryStep, paint: Paint, indent: string): string[] {
  const { operation, written, by, isHistory, from } = step;
  const note = isHistory ? paint("dim", " (replaced below)") : "";
  const lines = [`${indent}${paint(isHistory ? "dim" : "cyan", operation)}${note}`];
  if (written) lines.push(...spotLines(written, paint, `${indent}  `));
  if (by && !(written && sameLine(written.place, by.place))) {
    lines.push(...spotLines(by, paint, `${indent}  `, written ? "by " : ""));
  }
  for (const story of from) {
    const [first] = story;
    if (first === undefined) continue;
    lines.push(`${indent}  made from`);
    lines.push(...story.flatMap((one) => stepLines(one, paint, `${indent}    `)));
  }
  return lines;
}

function spotLines({ place, quote }: Spot, paint: Paint, indent: string, word = ""): string[] {
  const where = `${indent}${word}${shortPlace(place)}`;
  return quote.trim() === "" ? [where] : [where, `${indent}${paint("dim", "│")} ${clip(quote)}`];
}

/** A line of a secret or a script may be long, and must not steer the terminal. */
function clip(line: string): string {
  const clean = line.replace(/\p{Cc}/gu, " ");
  return clean.length > 120 ? `${clean.slice(0, 119)}…` : clean;
}
