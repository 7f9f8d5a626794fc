// Not node:crypto, whose start takes longer on Deno than a whole repository takes to hash.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { BuildError } from "../build-error.ts";
import { type Mapping, type Node, textAt } from "../node/node.ts";
import { scalarValue } from "../yaml/value.ts";

/** What a hash is of: the hashed fields that the object has. */
export type Hashed = { readonly hash: string; readonly of: readonly Node[] };

/**
 * Kustomize's hash of a ConfigMap or a Secret: ten letters and digits of the SHA-256 of its content
 * as Go writes it in JSON. The name is not part of it, though Kustomize means it to be: it looks the
 * name up in a place where there is none and hashes an empty text.
 */
export function contentHash(object: Mapping): Hashed {
  const kind = textAt(object, ["kind"]);
  const fields = hashedFields[kind ?? ""];
  if (kind === undefined || fields === undefined) {
    throw new BuildError(
      `Cannot append a hash to the name of the ${kind} "${textAt(object, ["metadata", "name"])}": generated objects that became another kind are not supported; set "disableNameSuffixHash: true" for its generator`,
      { mark: object.origin.mark ?? object.origin.by },
    );
  }
  const members: [string, string][] = [
    ["kind", goString(kind)],
    ["name", '""'],
  ];
  for (const name of fields.always) members.push([name, fieldJson(object.entries.get(name))]);
  for (const name of fields.asMapping) {
    const value = object.entries.get(name);
    if (value !== undefined && value.kind !== "scalar") members.push([name, fieldJson(value)]);
  }
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  const json = `{${members.map(([name, value]) => `"${name}":${value}`).join(",")}}`;
  const names = [...fields.always, ...fields.asMapping];
  const of = names.flatMap((name) => object.entries.get(name) ?? []);
  return { hash: letters(bytesToHex(sha256(utf8ToBytes(json)))), of };
}

/** Fields that are hashed even if absent, and those that are only where they are no single value. */
const hashedFields: Readonly<
  Record<string, { readonly always: readonly string[]; readonly asMapping: readonly string[] }>
> = {
  ConfigMap: { always: ["data"], asMapping: ["binaryData"] },
  Secret: { always: ["data", "type"], asMapping: ["stringData"] },
};

/** Ten hexadecimal digits, some replaced so that no words come out. */
function letters(hex: string): string {
  return hex.slice(0, 10).replace(/[013ae]/g, (digit) => replacements[digit] ?? digit);
}

const replacements: Readonly<Record<string, string>> = { 0: "g", 1: "h", 3: "k", a: "m", e: "t" };

function fieldJson(node: Node | undefined): string {
  if (node === undefined) return '""';
  if (node.kind === "scalar") return goString(node.text);
  // Kustomize expects a mapping and makes nothing of a list.
  return node.kind === "sequence" ? "null" : goJson(node);
}

/** JSON as Go's encoder writes it: sorted keys, numbers as a 64-bit float holds them. */
function goJson(node: Node): string {
  if (node.kind === "scalar") {
    if (node.type === "string") return goString(node.text);
    const value = scalarValue(node);
    return Object.is(value, -0) ? "-0" : JSON.stringify(value);
  }
  if (node.kind === "sequence") return `[${node.items.map(goJson).join(",")}]`;
  const members = [...node.entries].sort(([a], [b]) => byBytes(a, b));
  return `{${members.map(([key, value]) => `${goString(key)}:${goJson(value)}`).join(",")}}`;
}

/** Go escapes what means something in HTML. */
function goString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Go compares UTF-8 bytes; UTF-16 units order the same but for what lies beyond 16 bits. */
function byBytes(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return (a.codePointAt(at) ?? -1) - (b.codePointAt(at) ?? -1);
}
