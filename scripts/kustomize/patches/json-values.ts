import { mapEntries, mapItems, type Node, type Scalar } from "../node/node.ts";
import { goShortest, parseBoolean, parseFloatText } from "../yaml/numbers.ts";
import { parseInteger, type Rules } from "../yaml/resolve.ts";
import { formatTimestamp } from "../yaml/timestamp.ts";
import { isQuoted, needsQuotes } from "./quoted.ts";

/**
 * A value as it is after a way through JSON, which Kustomize sends a whole object to apply a JSON
 * patch to it: numbers become 64-bit floats and are written as Go writes those, dates become texts.
 * `rules` are those that the value was read by. Returns the same node where nothing changes.
 */
export function asJson<N extends Node>(node: N, rules: Rules): N {
  if (node.kind === "scalar") return scalarAsJson(node, rules) as N;
  // Of an object that many patches change, each sends only what the one before it changed.
  if (rules === "v3" && converted.has(node)) return node;
  const inside = (value: Node) => asJson(value, rules);
  const result = (
    node.kind === "sequence" ? mapItems(node, inside) : mapEntries(node, inside)
  ) as N;
  if (rules === "v3") converted.add(result);
  return result;
}

const converted = new WeakSet<Node>();

/** Whether two values that went through JSON are equal. */
export function areEqual(one: Node, other: Node): boolean {
  if (one.kind === "scalar") {
    return other.kind === "scalar" && one.text === other.text && sameType(one, other);
  }
  if (one.kind === "sequence") {
    if (other.kind !== "sequence" || one.items.length !== other.items.length) return false;
    return one.items.every((item, index) => areEqual(item, other.items[index] as Node));
  }
  if (other.kind !== "mapping" || one.entries.size !== other.entries.size) return false;
  for (const [key, value] of one.entries) {
    const there = other.entries.get(key);
    if (there === undefined || !areEqual(value, there)) return false;
  }
  return true;
}

function sameType({ type }: Scalar, other: Scalar): boolean {
  return type === other.type || (isNumber(type) && isNumber(other.type));
}

function isNumber(type: Scalar["type"]): boolean {
  return type === "integer" || type === "float";
}

function scalarAsJson(node: Scalar, rules: Rules): Scalar {
  const { type, text } = node;
  switch (type) {
    case "string": {
      const quoted = needsQuotes(text);
      return rules === "v3" && isQuoted(node) === quoted ? node : { ...node, quoted };
    }
    case "null":
      return text === "null" ? node : { ...node, text: "null" };
    case "boolean":
      return written(node, type, String(parseBoolean(text)));
    case "timestamp":
      return {
        ...node,
        type: "string",
        text: rules === "v3" ? (formatTimestamp(text) ?? text) : text,
        quoted: true,
      };
    case "integer": {
      // Nearly all numbers are short, and stay as they are.
      if (shortInteger.test(text)) return node;
      return number(node, Number(parseInteger(text, rules) ?? text));
    }
    case "float":
      return number(node, parseFloatText(text));
  }
}

const shortInteger = /^(?:0|-?[1-9][0-9]{0,5})$/;

function number(node: Scalar, value: number): Scalar {
  const text = goFloat(value);
  return written(node, /^-?[0-9]+$/.test(text) ? "integer" : "float", text);
}

function written(node: Scalar, type: Scalar["type"], text: string): Scalar {
  return node.type === type && node.text === text ? node : { ...node, type, text };
}

/** JSON knows a negative zero, and takes what is no number for a text of its own. */
function goFloat(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isFinite(value) ? goShortest(value) : String(value);
}
