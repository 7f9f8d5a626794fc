import { BuildError } from "../build-error.ts";

/**
 * A regular expression in Go's syntax, which has no looking around and no references back, but has
 * classes such as `[[:alpha:]]` and flags at the start.
 */
export function goRegExp(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  if (/(^|[^\\])(\\\\)*(\(\?(=|!|<=|<!)|\\[1-9])/.test(pattern)) {
    throw new BuildError(
      `Cannot use "${pattern}" as a regular expression: it should do without looking around and references back`,
    );
  }
  const [, flags = "", body = ""] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(pattern) ?? [];
  const source = body
    .replaceAll("(?P<", "(?<")
    .replaceAll("\\A", "^")
    .replaceAll("\\z", "$")
    .replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole);
  try {
    const expression = new RegExp(source, flags);
    compiled.set(pattern, expression);
    return expression;
  } catch (cause) {
    throw new BuildError(
      `Cannot use "${pattern}" as a regular expression: ${(cause as Error).message}`,
    );
  }
}

const compiled = new Map<string, RegExp>();

const classes: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  digit: "0-9",
  lower: "a-z",
  upper: "A-Z",
  punct: "!-\\/:-@\\[-`{-~",
  space: "\\t\\n\\v\\f\\r ",
  word: "0-9A-Za-z_",
  xdigit: "0-9A-Fa-f",
};
