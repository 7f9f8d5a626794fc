import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "../../fleet/resource.ts";
import { customResourceSchemas } from "../../tools/schemas/custom-resource.ts";
import {
  apiVersionOf,
  type JsonSchema,
  type KindSchema,
  schemaFile,
} from "../../tools/schemas/json-schema.ts";
import { renderedCrds } from "./kinds.ts";

/** Schemas of the kinds that the fleet's own CustomResourceDefinitions add to the derived ones in a folder. */
export function ownSchemas(resources: readonly Resource[], folder: string): KindSchema[] {
  const schemas = new Map<string, KindSchema>();
  for (const crd of renderedCrds(resources)) {
    for (const one of customResourceSchemas(crd, objectMeta(folder))) {
      const file = schemaFile(apiVersionOf(one), one.kind);
      if (!existsSync(join(folder, file))) schemas.set(file, one);
    }
  }
  return [...schemas.values()];
}

/** The schema of an object's kind, among those of the folder and the fleet's own. */
export function schemaOf(
  { manifest: { apiVersion, kind } }: Resource,
  folder: string,
  extra: readonly KindSchema[],
): JsonSchema | undefined {
  const file = join(folder, schemaFile(apiVersion, kind));
  if (existsSync(file)) return readSchema(file);
  return extra.find((one) => apiVersionOf(one) === apiVersion && one.kind === kind)?.schema;
}

function objectMeta(folder: string): JsonSchema {
  return readSchema(join(folder, schemaFile("v1", "ConfigMap"))).properties?.metadata ?? {};
}

function readSchema(file: string): JsonSchema {
  return JSON.parse(readFileSync(file, "utf8"));
}
