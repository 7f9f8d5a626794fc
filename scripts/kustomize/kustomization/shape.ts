import { BuildError } from "../build-error.ts";
import { type Mapping, mapItems, mapping, type Node, type Scalar, sequence } from "../node/node.ts";
import { toValue } from "../yaml/value.ts";

/** What a field may hold. */
export type Shape =
  | "text"
  | "boolean"
  | "integer"
  | "any"
  | { readonly list: Shape }
  | { readonly values: Shape }
  | { readonly fields: Fields };

export type Fields = Readonly<Record<string, Shape>>;

export function listOf(list: Shape): Shape {
  return { list };
}

export function valuesOf(values: Shape): Shape {
  return { values };
}

export function object(fields: Fields): Shape {
  return { fields };
}

/**
 * A mapping as its fields want it: names in their right letter case (Go reads them in any), nulls left
 * out. Throws for a field that is unknown or holds something else.
 */
export function checkFields(node: Mapping, fields: Fields, where = ""): Mapping {
  return checkMapping(node, fields, where, "strict");
}

/**
 * The same for files beside the kustomization, which Kustomize reads less strictly: unknown fields are
 * left out, and a number or boolean is a text where a text is expected.
 */
export function readFields(node: Mapping, fields: Fields, where = ""): Mapping {
  return checkMapping(node, fields, where, "lenient");
}

type Mode = "strict" | "lenient";

function checkMapping(node: Mapping, fields: Fields, where: string, mode: Mode): Mapping {
  let changed = false;
  const checked: [string, Node][] = [];
  for (const [key, value] of node.entries) {
    const name = fieldName(key, fields);
    if (name === undefined && mode === "strict") throw unknownField(key, value, fields, where);
    if (name === undefined || isNull(value)) {
      changed = true;
      continue;
    }
    const path = where === "" ? name : `${where}.${name}`;
    const result = check(value, fields[name] ?? "any", path, mode);
    changed ||= name !== key || result !== value;
    checked.push([name, result]);
  }
  return changed ? { ...node, entries: new Map(checked) } : node;
}

function check(node: Node, shape: Shape, path: string, mode: Mode): Node {
  if (shape === "any") return node;
  if (typeof shape === "string") return checkScalar(node, shape, path, mode);
  if ("list" in shape) {
    if (node.kind !== "sequence") throw mistyped(node, "a list", path);
    return mapItems(node, (item, index) =>
      isNull(item) ? zeroOf(shape.list, item) : check(item, shape.list, `${path}[${index}]`, mode),
    );
  }
  if (node.kind !== "mapping") throw mistyped(node, "a mapping", path);
  if ("fields" in shape) return checkMapping(node, shape.fields, path, mode);
  let changed = false;
  const entries = new Map<string, Node>();
  for (const [key, value] of node.entries) {
    const result = isNull(value)
      ? zeroOf(shape.values, value)
      : check(value, shape.values, `${path}.${key}`, mode);
    changed ||= result !== value;
    entries.set(key, result);
  }
  return changed ? { ...node, entries } : node;
}

function checkScalar(
  node: Node,
  shape: "text" | "boolean" | "integer",
  path: string,
  mode: Mode,
): Scalar {
  if (node.kind !== "scalar") throw mistyped(node, names[shape], path);
  if (node.type === types[shape]) return node;
  // Go writes a float without a fraction as an integer before it reads it again.
  if (shape === "integer" && node.type === "float" && Number.isInteger(Number(node.text))) {
    return { ...node, type: "integer", text: String(Number(node.text)) };
  }
  if (shape === "text" && node.type === "timestamp") return { ...node, type: "string" };
  if (shape === "text" && mode === "lenient") {
    return { ...node, type: "string", text: String(toValue(node)) };
  }
  throw mistyped(node, names[shape], path);
}

const types = { text: "string", boolean: "boolean", integer: "integer" } as const;

const names = { text: "a text", boolean: "true or false", integer: "a whole number" } as const;

/** Go leaves an entry that is null at its zero value. */
function zeroOf(shape: Shape, { origin }: Node): Node {
  if (typeof shape !== "string" && "list" in shape) return sequence([], origin);
  if (typeof shape !== "string") return mapping([], origin);
  return { kind: "scalar", type: "string", text: "", origin };
}

function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.type === "null";
}

function fieldName(key: string, fields: Fields): string | undefined {
  if (Object.hasOwn(fields, key)) return key;
  const lower = key.toLowerCase();
  return Object.keys(fields).find((name) => name.toLowerCase() === lower);
}

function unknownField(key: string, value: Node, fields: Fields, where: string): BuildError {
  const known = Object.keys(fields);
  return new BuildError(
    where === ""
      ? `Unknown field "${key}" of a kustomization: remove it, or correct its name`
      : `Unknown field "${key}" in "${where}": the fields are ${known.join(", ")}`,
    { mark: value.origin.mark },
  );
}

function mistyped(node: Node, expected: string, path: string): BuildError {
  const is =
    node.kind === "scalar"
      ? `${kinds[node.type]} (${node.text})`
      : node.kind === "mapping"
        ? "a mapping"
        : "a list";
  const wayOut = node.kind === "scalar" && expected === names.text ? "; put it in quotes" : "";
  return new BuildError(`"${path}" is ${is}, and ${expected} is expected${wayOut}`, {
    mark: node.origin.mark,
  });
}

const kinds = {
  string: "a text",
  integer: "a number",
  float: "a number",
  boolean: "a boolean",
  null: "null",
  timestamp: "a text",
} as const;
