import { Buffer } from "node:buffer";
import type { ScalarType } from "../node/node.ts";
import { parseInteger, type Rules, resolvePlain } from "./resolve.ts";

/** A tag in its short form: `!!str` for `!<tag:yaml.org,2002:str>`. */
export function shortTag(tag: string): string {
  return tag.replace(/^!<tag:yaml\.org,2002:(.*)>$/, "!!$1");
}

/**
 * A scalar with a tag, as go-yaml decodes it; undefined where the text is none of that type. Tags
 * that go-yaml does not know make strings.
 */
export function taggedScalar(
  tag: string,
  text: string,
  isPlain: boolean,
  rules: Rules,
): { readonly type: ScalarType; readonly text: string } | undefined {
  const type = types.get(tag);
  if (tag === "!") {
    return { type: isPlain && rules === "v3" ? resolvePlain(text, rules) : "string", text };
  }
  if (tag === "!!binary") return binary(text);
  if (type === undefined || type === "string") return { type: "string", text };
  const resolved = resolvePlain(text, rules);
  if (resolved === type)
    return { type: type === "timestamp" && rules === "v2" ? "string" : type, text };
  if (type === "float" && resolved === "integer") {
    return { type, text: String(parseInteger(text, rules)) };
  }
  return undefined;
}

const types: ReadonlyMap<string, ScalarType> = new Map([
  ["!!str", "string"],
  ["!!int", "integer"],
  ["!!float", "float"],
  ["!!bool", "boolean"],
  ["!!null", "null"],
  ["!!timestamp", "timestamp"],
]);

/** Bytes that are not UTF-8 become replacement characters on their way through JSON. */
function binary(text: string): { readonly type: "string"; readonly text: string } | undefined {
  const digits = text.replace(/[\r\n]/g, "");
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(digits)) {
    return undefined;
  }
  return { type: "string", text: Buffer.from(digits, "base64").toString("utf8") };
}
