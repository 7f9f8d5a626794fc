import { formatPath, type Resource } from "../../fleet/resource.ts";
import { cleanOf } from "../../tools/schemas/clean.ts";
import { modelOf } from "../../tools/schemas/models.ts";
import { isNewerField } from "../../tools/schemas/newer-fields.ts";
import { findTypeScript, installedPackages, typeCheck } from "../../tools/schemas/typescript.ts";
import type { Check } from "../check.ts";
import type { Finding } from "../finding.ts";
import { unknownField } from "./sentences.ts";
import { printShape } from "./shape.ts";
import { findUnknownFields, type UnknownField } from "./unknown-fields.ts";
import { leftToPackages } from "./verdicts.ts";

/** Fields that the types of the packages do not have, found by the TypeScript compiler. */
export const schemaFields: Check = {
  id: "schema-fields",
  description: "Every field is one that its kind has",
  startsProgram: true,
  async run(context) {
    const program = findTypeScript();
    if (program === undefined) {
      return {
        status: "skipped",
        reason: `the TypeScript compiler is not installed for ${process.platform}/${process.arch}; run \`npm ci\``,
      };
    }
    const { atOnce, later } = leftToPackages(context);
    return {
      status: "ran",
      findings: [...(await unknown(atOnce, program)), ...(await unknown(await later, program))],
    };
  },
};

async function unknown(
  resources: readonly Resource[],
  program: string,
): Promise<readonly Finding[]> {
  const found = await unknownFieldsOf(resources, program);
  return resources.flatMap((resource, index) =>
    (found[index] ?? [])
      .filter(({ path }) => !isNewerField(resource.manifest.apiVersion, formatPath(path)))
      .map(({ path, hint }) => unknownField(resource, path, hint)),
  );
}

/** Compiles every shape of a kind once, and none that an earlier run found in order. */
async function unknownFieldsOf(
  resources: readonly Resource[],
  program: string,
): Promise<(readonly UnknownField[])[]> {
  const clean = cleanOf("schema-fields", installedPackages());
  const objects = resources.flatMap(({ manifest }) => {
    const model = modelOf(manifest.apiVersion, manifest.kind);
    return model === undefined ? [] : [{ model, object: manifest }];
  });
  const keys = new Map(
    objects.map((one) => [one.object, `${one.model} ${printShape(one.object).text}`]),
  );
  const shapes = new Map(objects.map((one) => [keys.get(one.object) ?? "", one]));
  const fresh = [...shapes].filter(([key]) => !clean.has(key));
  const found = await findUnknownFields(
    fresh.map(([, one]) => one),
    (source) => typeCheck(program, source),
  );
  const unknown = new Map(fresh.map(([key], index) => [key, found[index] ?? []]));
  clean.add(fresh.map(([key]) => key).filter((key) => unknown.get(key)?.length === 0));
  return resources.map(({ manifest }) => unknown.get(keys.get(manifest) ?? "") ?? []);
}
