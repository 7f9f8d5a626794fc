import type { Mapping, Node, Scalar } from "../node/node.ts";
import { parseBoolean, parseFloatText } from "./numbers.ts";
import { parseInteger } from "./resolve.ts";
import { throughJson } from "./through-json.ts";
import { formatTimestamp } from "./timestamp.ts";

/**
 * A node as plain JavaScript: the value that its printed YAML has by YAML 1.2's core schema. The
 * value of a mapping is made once and must not be changed.
 */
export function toValue(node: Node): unknown {
  if (node.kind === "scalar") return scalarValue(node);
  if (node.kind === "sequence") return node.items.map(toValue);
  const known = values.get(node);
  if (known !== undefined) return known;
  const value: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) {
    if (key === "__proto__") define(value, key, toValue(entry));
    else value[key] = toValue(entry);
  }
  values.set(node, value);
  return value;
}

/** The value of one scalar, with integers beyond a double's reach rounded. */
export function scalarValue({ type, text }: Scalar): string | number | boolean | null {
  switch (type) {
    case "string":
      return throughJson(text) ?? text;
    case "integer":
      return Number(parseInteger(text) ?? Number.NaN);
    case "float":
      // Printed, a negative zero has lost its sign.
      return parseFloatText(text) + 0;
    case "boolean":
      return parseBoolean(text);
    case "null":
      return null;
    case "timestamp":
      return formatTimestamp(text) ?? text;
  }
}

const values = new WeakMap<Mapping, Record<string, unknown>>();

function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
