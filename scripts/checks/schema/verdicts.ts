import { SlipwayError } from "../../errors.ts";
import type { Resource } from "../../fleet/resource.ts";
import { groupsWithoutCrds } from "../../tools/crds.ts";
import { cleanOf } from "../../tools/schemas/clean.ts";
import { schemaFolder } from "../../tools/schemas/derive.ts";
import type { KindSchema } from "../../tools/schemas/json-schema.ts";
import { kubeconform, type Verdict } from "../../tools/schemas/kubeconform.ts";
import { tool } from "../../tools/tool.ts";
import type { CheckContext } from "../check.ts";
import { ownSchemas } from "./own-schemas.ts";

/** What kubeconform says of the objects of kinds that it has schemas of, or why it does not run. */
export type Verdicts =
  | { readonly status: "skipped"; readonly reason: string }
  | {
      readonly status: "ran";
      /** The objects that it refuses. */
      readonly refused: ReadonlyMap<Resource, Verdict>;
      /** Where its schemas are, and those of kinds that the fleet itself defines. */
      readonly folder: string;
      readonly extra: readonly KindSchema[];
    };

/** Runs kubeconform once for a fleet, whoever asks first. */
export function verdictsOf({ renderings }: CheckContext): Promise<Verdicts> {
  const known = runs.get(renderings) ?? judge(renderings.flatMap(({ resources }) => resources));
  runs.set(renderings, known);
  return known;
}

const runs = new WeakMap<CheckContext["renderings"], Promise<Verdicts>>();

/**
 * What the types and validators of packages have to judge: at once the kinds whose definitions are not
 * to be had, later what kubeconform refused, since they may know what was meant. Where it does not run,
 * everything at once.
 */
export function leftToPackages(context: CheckContext): {
  readonly atOnce: readonly Resource[];
  readonly later: Promise<readonly Resource[]>;
} {
  const all = context.renderings.flatMap(({ resources }) => resources);
  if (!context.running?.has("schema-kubeconform")) return { atOnce: all, later: nothing };
  return {
    atOnce: all.filter(isWithoutDefinition),
    later: verdictsOf(context).then((verdicts) =>
      verdicts.status === "ran"
        ? [...verdicts.refused.keys()]
        : all.filter((resource) => !isWithoutDefinition(resource)),
    ),
  };
}

const nothing = Promise.resolve([]);

function isWithoutDefinition({ manifest: { apiVersion } }: Resource): boolean {
  return groupsWithoutCrds.some((group) => apiVersion.startsWith(`${group}/`));
}

async function judge(all: readonly Resource[]): Promise<Verdicts> {
  const resources = all.filter((resource) => !isWithoutDefinition(resource));
  try {
    const [program, folder] = await Promise.all([tool("kubeconform"), schemaFolder()]);
    const extra = ownSchemas(resources, folder);
    return {
      status: "ran",
      refused: await refusals(resources, program, folder, extra),
      folder,
      extra,
    };
  } catch (error) {
    // What is missing is a reason to skip; what is not what its checksum says is none.
    if (!(error instanceof SlipwayError) || error.message.includes("SECURITY ERROR")) throw error;
    return { status: "skipped", reason: error.message };
  }
}

/** Validates every object once, and none that an earlier run found in order. */
async function refusals(
  resources: readonly Resource[],
  program: string,
  folder: string,
  extra: readonly KindSchema[],
): Promise<ReadonlyMap<Resource, Verdict>> {
  const clean = cleanOf("schema-kubeconform", JSON.stringify([program, folder, extra]));
  const texts = resources.map(({ manifest }) => JSON.stringify(manifest));
  const objects = new Map(texts.map((text, index) => [text, resources[index]?.manifest ?? {}]));
  const fresh = [...objects.keys()].filter((text) => !clean.has(text));
  if (fresh.length === 0) return new Map();
  const given = fresh.map((text) => objects.get(text) ?? {});
  const found = await kubeconform(program, given, folder, extra);
  const verdicts = new Map(found.map((verdict) => [fresh[verdict.index], verdict]));
  clean.add(fresh.filter((text) => !verdicts.has(text)));
  return new Map(
    resources.flatMap((resource, index) => {
      const verdict = verdicts.get(texts[index]);
      return verdict ? [[resource, verdict] as const] : [];
    }),
  );
}
