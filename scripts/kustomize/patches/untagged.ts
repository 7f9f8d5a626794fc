import { mapEntries, mapItems, type Node, textAt } from "../node/node.ts";
import type { Resource } from "../resource/resource.ts";
import type { Schema, SchemaType } from "../schema/schema.ts";

/**
 * A resource on its way into a strategic merge, which writes each value of the object again: what
 * Kustomize wrote without a type becomes a text then, even if it reads as a number. Lists that are
 * not merged by a key are left as they are.
 */
export function withTexts(resource: Resource, schema: Schema): Resource {
  const { object } = resource;
  const apiVersion = textAt(object, ["apiVersion"]) ?? "";
  const texts = asTexts(object, schema.typeOf(apiVersion, textAt(object, ["kind"]) ?? ""));
  return texts === object ? resource : { ...resource, object: texts };
}

function asTexts<N extends Node>(node: N, type: SchemaType | undefined): N;
function asTexts(node: Node, type: SchemaType | undefined): Node {
  if (node.kind === "scalar") {
    return node.untagged && node.type !== "string"
      ? { ...node, type: "string", quoted: true }
      : node;
  }
  if (node.kind === "sequence") {
    if (!type?.mergeKeys.length || !type.strategies.includes("merge")) return node;
    return mapItems(node, (item) => asTexts(item, type.items));
  }
  return mapEntries(node, (value, key) => asTexts(value, type?.field(key) ?? type?.items));
}
