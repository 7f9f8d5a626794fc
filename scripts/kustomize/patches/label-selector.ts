import { BuildError } from "../build-error.ts";
import type { Mark } from "../node/origin.ts";

/** Whether labels, or annotations, meet a selector. */
export type LabelTest = (value: (key: string) => string | undefined) => boolean;

/**
 * Reads a selector as `kubectl` has them: `app=router,tier in (web, api),!legacy,rank>3`. An empty
 * one selects everything. Throws for what is none.
 */
export function readLabelSelector(text: string, mark?: Mark): LabelTest {
  const tokens: readonly string[] = text.match(/==|!=|[=!(),<>]|[^ \t\r\n=!(),<>]+/g) ?? [];
  let at = 0;
  const fail = (why: string): BuildError =>
    new BuildError(`Cannot read the selector "${text}": ${why}`, { mark });
  const tests: LabelTest[] = [];
  while (at < tokens.length) {
    tests.push(requirement());
    if (at === tokens.length) break;
    if (tokens[at] !== ",") throw fail(`"${tokens[at]}" stands where a comma is expected`);
    at += 1;
    if (at === tokens.length) throw fail("a comma at the end leads to nothing");
  }
  return (value) => tests.every((test) => test(value));

  function requirement(): LabelTest {
    const isAbsence = tokens[at] === "!";
    if (isAbsence) at += 1;
    const key = tokens[at];
    if (key === undefined || !isWord(key)) {
      throw fail(`"${key ?? ""}" stands where the name of a label is expected`);
    }
    if (!isLabelKey(key)) throw fail(`"${key}" is no name that a label can have`);
    at += 1;
    if (isAbsence) return (value) => value(key) === undefined;
    if (at === tokens.length || tokens[at] === ",") return (value) => value(key) !== undefined;
    const operator = tokens[at] ?? "";
    at += 1;
    switch (operator) {
      case "=":
      case "==": {
        const wanted = exact();
        return (value) => value(key) === wanted;
      }
      case "!=": {
        const unwanted = exact();
        return (value) => value(key) !== unwanted;
      }
      case "in": {
        const wanted = set();
        return (value) => wanted.has(value(key));
      }
      case "notin": {
        const unwanted = set();
        return (value) => !unwanted.has(value(key));
      }
      case "<":
      case ">": {
        const limit = integer(exact());
        if (limit === undefined) throw fail(`"${operator}" needs a whole number`);
        return (value) => {
          const number = integer(value(key) ?? "");
          if (number === undefined) return false;
          return operator === "<" ? number < limit : number > limit;
        };
      }
      default:
        throw fail(`"${operator}" stands where =, ==, !=, in, notin, < or > is expected`);
    }
  }

  function exact(): string {
    const value = tokens[at];
    if (value === undefined || value === ",") return "";
    if (!isWord(value)) throw fail(`"${value}" stands where a value is expected`);
    at += 1;
    return checked(value);
  }

  function set(): ReadonlySet<string | undefined> {
    if (tokens[at] !== "(") throw fail('values of "in" and "notin" should stand in parentheses');
    const end = tokens.indexOf(")", at);
    if (end < 0) throw fail("a parenthesis is not closed");
    const inside = tokens.slice(at + 1, end);
    at = end + 1;
    const values = new Set<string>();
    for (const [index, token] of inside.entries()) {
      const previous = index === 0 ? "," : inside[index - 1];
      if (token !== "," && !isWord(token))
        throw fail(`"${token}" stands where a value is expected`);
      if (token !== "," && previous !== ",") throw fail(`a comma is missing before "${token}"`);
      // Nothing between two commas is the empty value.
      if (token !== ",") values.add(checked(token));
      else if (previous === ",") values.add("");
    }
    if (inside.length === 0 || inside.at(-1) === ",") values.add("");
    return values;
  }

  function checked(value: string): string {
    if (value.length <= 63 && /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(value)) {
      return value;
    }
    throw fail(`"${value}" is no value that a label can have`);
  }
}

function isWord(token: string): boolean {
  return !/^[=!(),<>]/.test(token);
}

function isLabelKey(key: string): boolean {
  const [name = "", prefix, ...rest] = key.split("/").reverse();
  if (rest.length > 0 || name.length > 63) return false;
  if (!/^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(name)) return false;
  if (prefix === undefined) return true;
  const label = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
  return prefix.length <= 253 && new RegExp(`^${label}(?:\\.${label})*$`).test(prefix);
}

function integer(text: string): bigint | undefined {
  return /^[-+]?[0-9]+$/.test(text) ? BigInt(text.replace("+", "")) : undefined;
}
