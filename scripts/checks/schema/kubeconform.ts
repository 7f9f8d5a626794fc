import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../../errors.ts";
import { type Path, type Resource, resourceId } from "../../fleet/resource.ts";
import { groupsWithoutCrds } from "../../tools/crds.ts";
import { cleanOf } from "../../tools/schemas/clean.ts";
import { customResourceSchemas } from "../../tools/schemas/custom-resource.ts";
import { schemaFolder } from "../../tools/schemas/derive.ts";
import {
  apiVersionOf,
  type JsonSchema,
  type KindSchema,
  schemaFile,
} from "../../tools/schemas/json-schema.ts";
import { kubeconform, type Verdict } from "../../tools/schemas/kubeconform.ts";
import { tool } from "../../tools/tool.ts";
import type { Check } from "../check.ts";
import type { Finding } from "../finding.ts";
import { renderedCrds, unknownKind } from "./kinds.ts";
import { explain } from "./sentences.ts";
import { readMessage, schemaAt } from "./verdict.ts";

/** Everything that the schemas of Kubernetes and the operators refuse, found by kubeconform. */
export const schemaKubeconform: Check = {
  id: "schema-kubeconform",
  description: "Every object is valid by the API's and the operators' own schemas",
  startsProgram: true,
  async run({ renderings }) {
    const resources = renderings
      .flatMap((rendering) => rendering.resources)
      .filter((resource) => !isLeftToPackages(resource));
    try {
      const [program, folder] = await Promise.all([tool("kubeconform"), schemaFolder()]);
      return { status: "ran", findings: await validate(resources, program, folder) };
    } catch (error) {
      // What is missing is a reason to skip; what is not what its checksum says is none.
      if (!(error instanceof SlipwayError) || error.message.includes("SECURITY ERROR")) throw error;
      return { status: "skipped", reason: error.message };
    }
  },
};

/** A kind whose CustomResourceDefinition is not to be had: the packages' validators decide. */
function isLeftToPackages({ manifest: { apiVersion } }: Resource): boolean {
  return groupsWithoutCrds.some((group) => apiVersion.startsWith(`${group}/`));
}

/** Validates every object once, and none that an earlier run found in order. */
async function validate(
  resources: readonly Resource[],
  program: string,
  folder: string,
): Promise<Finding[]> {
  const extra = ownSchemas(resources, folder);
  const clean = cleanOf("schema-kubeconform", JSON.stringify([program, folder, extra]));
  const texts = resources.map(({ manifest }) => JSON.stringify(manifest));
  const objects = new Map(texts.map((text, index) => [text, resources[index]?.manifest ?? {}]));
  const fresh = [...objects.keys()].filter((text) => !clean.has(text));
  if (fresh.length === 0) return [];
  const given = fresh.map((text) => objects.get(text) ?? {});
  const verdicts = new Map(
    (await kubeconform(program, given, folder, extra)).map((verdict) => [
      fresh[verdict.index],
      verdict,
    ]),
  );
  clean.add(fresh.filter((text) => !verdicts.has(text)));
  return resources.flatMap((resource, index) => {
    const verdict = verdicts.get(texts[index]);
    return verdict ? toFindings(resource, verdict, schemaOf(resource, folder, extra)) : [];
  });
}

function toFindings(
  resource: Resource,
  { status, message }: Verdict,
  schema: JsonSchema | undefined,
): Finding[] {
  if (status === "invalid") {
    const fieldsAt = (path: Path) =>
      schema && Object.keys(schemaAt(schema, path)?.properties ?? {});
    return explain(readMessage(message, schema), resource, fieldsAt);
  }
  if (message.startsWith("could not find schema")) return [unknownKind(resource).finding];
  throw new Error(`kubeconform cannot read ${resourceId(resource.manifest)}: ${message}`);
}

/** Schemas of the kinds that the fleet's own CustomResourceDefinitions add to the derived ones. */
function ownSchemas(resources: readonly Resource[], folder: string): KindSchema[] {
  const schemas = new Map<string, KindSchema>();
  for (const crd of renderedCrds(resources)) {
    for (const one of customResourceSchemas(crd, objectMeta(folder))) {
      const file = schemaFile(apiVersionOf(one), one.kind);
      if (!existsSync(join(folder, file))) schemas.set(file, one);
    }
  }
  return [...schemas.values()];
}

function objectMeta(folder: string): JsonSchema {
  return readSchema(join(folder, schemaFile("v1", "ConfigMap"))).properties?.metadata ?? {};
}

function schemaOf(
  { manifest: { apiVersion, kind } }: Resource,
  folder: string,
  extra: readonly KindSchema[],
): JsonSchema | undefined {
  const file = join(folder, schemaFile(apiVersion, kind));
  if (existsSync(file)) return readSchema(file);
  return extra.find((one) => apiVersionOf(one) === apiVersion && one.kind === kind)?.schema;
}

function readSchema(file: string): JsonSchema {
  return JSON.parse(readFileSync(file, "utf8"));
}
