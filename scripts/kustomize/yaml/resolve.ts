import type { ScalarType } from "../node/node.ts";
import { isTimestamp } from "./timestamp.ts";

/**
 * The rules that plain scalars are read by. Kustomize reads resources by those of go-yaml v3 and
 * kustomizations and JSON patches by those of v2, which are YAML 1.1's: `yes`, `on`, `n` are
 * booleans. It prints by v2's too, so what they would misread gets quotes.
 */
export type Rules = "v2" | "v3";

/** The type that go-yaml gives a plain scalar. */
export function resolvePlain(text: string, rules: Rules): ScalarType {
  const first = text.charCodeAt(0);
  // Nearly everything: words that begin with a letter which no known word begins with.
  if (first > 57 && !wordStarts.has(first)) return "string";
  const word = words.get(text);
  if (word !== undefined) return word;
  if (rules === "v2" && words11.has(text)) return "boolean";
  if (first === DOT) return isDotFloat(text) ? "float" : "string";
  if ((first >= 48 && first <= 57) || first === PLUS || first === MINUS) {
    return resolveNumber(text, rules);
  }
  return "string";
}

/** An integer as go-yaml reads it: any base, underscores; undefined beyond 64 bits or for none. */
export function parseInteger(text: string, rules: Rules = "v3"): bigint | undefined {
  const digits = text.includes("_") ? text.replaceAll("_", "") : text;
  const value = goInteger(digits) ?? prefixedInteger(digits, rules);
  return value !== undefined && value >= MIN && value <= MAX ? value : undefined;
}

const DOT = 46;
const PLUS = 43;
const MINUS = 45;
const MIN = -(2n ** 63n);
const MAX = 2n ** 64n - 1n;

const words: ReadonlyMap<string, ScalarType> = new Map([
  ...["true", "True", "TRUE", "false", "False", "FALSE"].map((word) => [word, "boolean"] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, "null"] as const),
  ...[".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map(
    (word) => [word, "float"] as const,
  ),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, "float"] as const),
]);

const words11 = new Set("y Y yes Yes YES on On ON n N no No NO off Off OFF".split(" "));

const wordStarts = new Set([..."yYnNtTfFoO~"].map((letter) => letter.charCodeAt(0)));

const dotFloat = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const numberEnd = /[0-9a-fA-F_.Z]$/;
const shortDecimal = /^-?(?:0|[1-9][0-9]{0,14})$/;

function isDotFloat(text: string): boolean {
  return dotFloat.test(text) && Number.isFinite(Number(text.replaceAll("_", "")));
}

function resolveNumber(text: string, rules: Rules): ScalarType {
  if (shortDecimal.test(text)) return "integer";
  // Quantities such as `100m` and `128Mi` end as no number does.
  if (!numberEnd.test(text)) return "string";
  if (isTimestamp(text)) return "timestamp";
  if (parseInteger(text, rules) !== undefined) return "integer";
  const digits = text.includes("_") ? text.replaceAll("_", "") : text;
  // Go calls a float beyond its range an error, and what is no float is a string.
  return float.test(digits) && Number.isFinite(Number(digits)) ? "float" : "string";
}

/** As Go reads an integer literal: a prefix names the base, a leading zero means octal. */
function goInteger(text: string): bigint | undefined {
  const [, sign, prefix = "", digits = ""] = /^([-+]?)(0[xXoObB]|0(?=.))?(.+)$/s.exec(text) ?? [];
  const magnitude = parseDigits(digits, prefix === "" ? "10" : (prefix[1]?.toLowerCase() ?? "o"));
  if (magnitude === undefined) return undefined;
  if (sign === "") return magnitude;
  // Only a number without a sign may use the 64th bit.
  if (sign === "+") return magnitude < 2n ** 63n ? magnitude : undefined;
  return -magnitude;
}

/** What is left of `0b` and `0o` after Go gave up: the sign may stand behind the prefix. */
function prefixedInteger(text: string, rules: Rules): bigint | undefined {
  const bases = rules === "v3" ? "bo" : "b";
  const [, minus, base = "", sign = "", digits = ""] = /^(-?)0([bo])([-+]?)(.+)$/s.exec(text) ?? [];
  if (base === "" || !bases.includes(base) || (minus && sign)) return undefined;
  const magnitude = parseDigits(digits, base);
  if (magnitude === undefined || (sign === "+" && magnitude >= 2n ** 63n)) return undefined;
  return minus || sign === "-" ? -magnitude : magnitude;
}

const digitsOf: Readonly<Record<string, RegExp>> = {
  "10": /^[0-9]+$/,
  x: /^[0-9a-fA-F]+$/,
  o: /^[0-7]+$/,
  b: /^[01]+$/,
};

function parseDigits(digits: string, base: string): bigint | undefined {
  // 64 bits have at most 64 digits besides leading zeros; longer ones are not worth reading.
  if (!digitsOf[base]?.test(digits)) return undefined;
  const significant = digits.replace(/^0+(?=.)/, "");
  if (significant.length > 64) return undefined;
  return BigInt(base === "10" ? significant : `0${base}${significant}`);
}
