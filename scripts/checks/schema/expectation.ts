import type { ValueError } from "../../tools/schemas/validator.ts";
import { nearest } from "./nearest.ts";

/** What a value must be, as the end of `"spec.replicas" must …`, and the way there. */
export type Expectation = { readonly must: string; readonly help?: string };

/** Turns everything a validator says about one value into one expectation. */
export function expectation(errors: readonly ValueError[], value: unknown): Expectation {
  const error = mostTelling(errors);
  const { keyword, params } = error;
  const limit = String(params.limit);
  switch (keyword) {
    case "type":
      return typeExpectation(wantedTypes(errors), value);
    case "enum":
      return enumExpectation(params.allowedValues, value);
    case "format":
      return { must: formats[String(params.format)] ?? `be a valid ${params.format}` };
    case "pattern":
      return patternExpectation(String(params.pattern), value);
    case "minimum":
      return { must: `be at least ${limit}` };
    case "maximum":
      return { must: `be at most ${limit}` };
    case "minLength":
      return { must: `have at least ${count(limit, "character")}` };
    case "maxLength":
      return { must: `have at most ${count(limit, "character")}` };
    case "minItems":
      return { must: `have at least ${count(limit, "item")}` };
    case "maxItems":
      return { must: `have at most ${count(limit, "item")}` };
    default:
      return { must: `satisfy its schema (${error.message ?? keyword})` };
  }
}

/**
 * A union of types fails once for each of its branches. Where one branch had the right type, what
 * that branch says is telling; else the types are.
 */
function mostTelling(errors: readonly ValueError[]): ValueError {
  const union = errors.some(({ keyword }) => keyword === "oneOf" || keyword === "anyOf");
  const specific = errors.find(({ keyword }) => !["type", "oneOf", "anyOf"].includes(keyword));
  const type = errors.find(({ keyword }) => keyword === "type");
  const telling = (union ? (specific ?? type) : (type ?? specific)) ?? errors[0];
  if (telling === undefined) throw new RangeError("Cannot explain no errors");
  return telling;
}

function wantedTypes(errors: readonly ValueError[]): string[] {
  const types = errors
    .filter(({ keyword }) => keyword === "type")
    .flatMap(({ params }) => params.type as string | string[]);
  // An optional field also accepts null, which is nothing to recommend.
  return [...new Set(types)].filter((type) => type !== "null").sort();
}

function typeExpectation(types: readonly string[], value: unknown): Expectation {
  const must = `be ${types.map((type) => typeNames[type] ?? type).join(" or ")}`;
  if (must === "be a string" && (typeof value === "number" || typeof value === "boolean")) {
    return { must, help: `Quote it: "${value}"` };
  }
  if (typeof value === "string" && isLiteral(value, types)) {
    return { must, help: `Write ${value} without quotes` };
  }
  return { must };
}

function isLiteral(value: string, types: readonly string[]): boolean {
  if (types.includes("integer") && /^-?\d+$/.test(value)) return true;
  if (types.includes("number") && /^-?\d+(\.\d+)?$/.test(value)) return true;
  return types.includes("boolean") && ["true", "false"].includes(value);
}

function enumExpectation(allowed: unknown, value: unknown): Expectation {
  const values = (Array.isArray(allowed) ? allowed : []).filter((one) => one !== null);
  const listed = values.map((one) => JSON.stringify(one)).join(", ");
  const must = values.length === 1 ? `be ${listed}` : `be one of ${listed}`;
  const meant = typeof value === "string" ? nearest(value, values.map(String)) : undefined;
  return meant === undefined ? { must } : { must, help: `Write "${meant}"` };
}

function patternExpectation(pattern: string, value: unknown): Expectation {
  const must = `match the pattern ${pattern}`;
  // Most patterns that people trip over are durations without a unit.
  const isDuration = /^\d+$/.test(String(value)) && new RegExp(pattern).test(`${value}s`);
  return isDuration ? { must, help: `Name the unit: "${value}s"` } : { must };
}

function count(limit: string, noun: string): string {
  return limit === "1" ? `1 ${noun}` : `${limit} ${noun}s`;
}

const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  integer: "an integer",
  number: "a number",
  object: "a mapping",
  string: "a string",
};

const formats: Readonly<Record<string, string>> = {
  byte: "be encoded in base64",
  "date-time": 'be a time such as "2030-01-31T12:00:00Z"',
  int32: "be an integer of 32 bits",
  int64: "be an integer of 64 bits",
  quantity: 'be a quantity such as "500m" or "2Gi"',
};
