import { SlipwayError } from "../errors.ts";
import type { MissingKey } from "./plan.ts";
import { keyName } from "./report.ts";

/**
 * One value from standard input. A single line loses its line break, which is the terminal's and not
 * the secret's; a text of several lines, such as a key file, stays byte for byte.
 */
export function readSingleValue(text: string): string {
  const [line = "", ...others] = text.split(/\r?\n/);
  const value = others.length === 0 || (others.length === 1 && others[0] === "") ? line : text;
  if (value !== "") return value;
  throw new SlipwayError("Cannot seal an empty value: give it on standard input");
}

/** Values by name from lines of `app/secret/key=value`. Errors name the line, never its content. */
export function readValues(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === "") continue;
    const [, name, value] = line.match(/^([^/=]+\/[^/=]+\/[^/=]+)=(.+)$/) ?? [];
    if (name === undefined || value === undefined) {
      throw new SlipwayError(
        `Cannot read line ${index + 1} of standard input: it must be "app/secret/key=value"`,
      );
    }
    values.set(name, value);
  }
  return values;
}

/** The values of the given keys; throws a `SlipwayError` where one is for a key nobody asks for. */
export function requireKnown(
  values: ReadonlyMap<string, string>,
  asked: readonly Pick<MissingKey, "app" | "secret" | "key">[],
): void {
  const names = asked.map(keyName);
  const unknown = [...values.keys()].find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new SlipwayError(
    `Cannot use the value for "${unknown}": the keys to supply are ${names.map((name) => `"${name}"`).join(", ") || "none"}`,
  );
}
