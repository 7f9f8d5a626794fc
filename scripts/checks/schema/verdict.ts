import type { Path } from "../../fleet/resource.ts";
import type { JsonSchema } from "../../tools/schemas/json-schema.ts";
import type { ValueError } from "../../tools/schemas/validator.ts";
import { pointerParts } from "./pointer.ts";

/**
 * What a message of kubeconform says, in the words of the other validators. It lists one mistake a
 * line, `- at '/spec/replicas': got string, want integer`, the parts of a group indented below it.
 */
export function readMessage(message: string, schema: JsonSchema | undefined): ValueError[] {
  const errors: ValueError[] = [];
  const lines = [...message.matchAll(/( +)- at '((?:[^'\\]|\\.)*)': (.*?)(?= +- at '|$)/g)];
  let alternatives = Number.POSITIVE_INFINITY;
  for (const [, indent = "", location = "", text = ""] of lines) {
    // The parts of an anyOf are what might have been, not what is wrong.
    if (indent.length > alternatives) continue;
    alternatives = /^'\w+' failed/.test(text) ? indent.length : Number.POSITIVE_INFINITY;
    if (text === "validation failed") continue;
    const instancePath = unquote(location);
    const known = schema && schemaAt(schema, pointerParts(instancePath));
    errors.push(...readText(text, known).map((error) => ({ instancePath, ...error })));
  }
  return errors;
}

/** The part of a schema that is about the value at a path. */
export function schemaAt(schema: JsonSchema, path: Path): JsonSchema | undefined {
  let node: JsonSchema | undefined = schema;
  for (const part of path) {
    const rest: boolean | JsonSchema | undefined = node?.additionalProperties;
    node = node?.properties?.[part] ?? node?.items ?? (typeof rest === "object" ? rest : undefined);
    if (node?.$ref !== undefined) node = schema.definitions?.[node.$ref.replace(/^.*\//, "")];
  }
  return node;
}

function readText(
  text: string,
  schema: JsonSchema | undefined,
): Omit<ValueError, "instancePath">[] {
  const [first = ""] = text.split(/[ :]/);
  if (text.startsWith("additional propert")) {
    return quoted(text).map((name) => ({
      keyword: "additionalProperties",
      params: { additionalProperty: name },
    }));
  }
  if (text.startsWith("missing propert")) {
    return quoted(text).map((name) => ({ keyword: "required", params: { missingProperty: name } }));
  }
  const wanted = /^got [\w ]+, want ([\w ]+)$/.exec(text)?.[1];
  if (wanted !== undefined) return [{ keyword: "type", params: { type: wanted.split(" or ") } }];
  if (text.startsWith("value must be") && schema?.enum) {
    return [{ keyword: "enum", params: { allowedValues: schema.enum } }];
  }
  if (text.includes("does not match pattern") && schema?.pattern !== undefined) {
    return [{ keyword: "pattern", params: { pattern: schema.pattern } }];
  }
  if (schema?.[first] !== undefined && typeof schema[first] === "number") {
    return [{ keyword: first, params: { limit: schema[first] } }];
  }
  return [{ keyword: "other", params: {}, message: text }];
}

function quoted(text: string): string[] {
  return [...text.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, name = ""]) => unquote(name));
}

/** Undoes Go's quoting of a text. */
function unquote(text: string): string {
  return text.replaceAll(/\\(?:u([\da-f]{4})|U([\da-f]{8})|x([\da-f]{2})|(.))/g, (_, ...groups) => {
    const [short, long, byte, letter] = groups as (string | undefined)[];
    const code = short ?? long ?? byte;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return escapes[letter ?? ""] ?? letter ?? "";
  });
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
