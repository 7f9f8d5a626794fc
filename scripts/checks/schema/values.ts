import type { Resource } from "../../fleet/resource.ts";
import { crdModules } from "../../tools/crds.ts";
import { modelOf } from "../../tools/schemas/models.ts";
import { loadValidators } from "../../tools/schemas/validator.ts";
import type { Check } from "../check.ts";
import type { Finding } from "../finding.ts";
import { customKinds, kindKey, unknownKind } from "./kinds.ts";
import { explain } from "./sentences.ts";
import { leftToPackages } from "./verdicts.ts";

/** Values that the validators of the packages refuse, and kinds that nothing here can check. */
export const schemaValues: Check = {
  id: "schema-values",
  description: "Every value is one that its field takes, and no required field is missing",
  async run(context) {
    const custom = customKinds(context.renderings.flatMap(({ resources }) => resources));
    const { atOnce, later } = leftToPackages(context);
    return {
      status: "ran",
      findings: [...(await invalid(atOnce, custom)), ...(await invalid(await later, custom))],
    };
  },
};

async function invalid(
  resources: readonly Resource[],
  custom: ReadonlySet<string>,
): Promise<readonly Finding[]> {
  const models = resources.map(({ manifest }) => modelOf(manifest.apiVersion, manifest.kind));
  const validators = await loadValidators([...new Set(models.filter((one) => one !== undefined))]);
  return resources.flatMap((resource, index) => {
    const validate = validators.get(models[index] ?? "");
    if (validate) return explain(validate(resource.manifest), resource);
    if (custom.has(kindKey(resource.manifest))) return [];
    const unknown = unknownKind(resource);
    return isLeftToKubeconform(resource) && unknown.hint === undefined ? [] : [unknown.finding];
  });
}

/** A kind newer than its package, or of an operator without one: the CustomResourceDefinition decides. */
function isLeftToKubeconform({ manifest: { apiVersion } }: Resource): boolean {
  return crdModules.some(({ groups }) =>
    groups.some((group) => apiVersion.startsWith(`${group}/`)),
  );
}
