import { type Mapping, type Node, scalar, sequence, withEntry } from "../node/node.ts";
import { mappingsOf, scalarOf } from "./fields.ts";

/** A kustomization with what deprecated fields say in the fields that took their place. */
export function fixDeprecated(fields: Mapping): Mapping {
  let fixed = appended(fields, "resources", "bases");
  fixed = appended(fixed, "images", "imageTags");
  fixed = withEnvSources(fixed, "configMapGenerator");
  return withEnvSources(fixed, "secretGenerator");
}

/** One sentence for each deprecated field that is in use. */
export function deprecations(fields: Mapping, file: string): readonly string[] {
  return Object.entries(successors)
    .filter(([field]) => fields.entries.has(field))
    .map(([field, successor]) => `"${field}" of "${file}" is deprecated: use "${successor}"`);
}

const successors = {
  bases: "resources",
  commonLabels: "labels",
  imageTags: "images",
  patchesJson6902: "patches",
  patchesStrategicMerge: "patches",
  vars: "replacements",
} as const;

/** The items of `from` at the end of `to`. */
function appended(fields: Mapping, to: string, from: string): Mapping {
  const added = fields.entries.get(from);
  if (added?.kind !== "sequence") return fields;
  const present = fields.entries.get(to);
  const items = present?.kind === "sequence" ? present.items : [];
  const origin = present?.origin ?? added.origin;
  const entries = new Map(fields.entries).set(to, sequence([...items, ...added.items], origin));
  entries.delete(from);
  return { ...fields, entries };
}

/** `env` of a generator as the last of its `envs`. */
function withEnvSources(fields: Mapping, field: string): Mapping {
  const generators = mappingsOf(fields, field);
  if (!generators.some((generator) => scalarOf(generator, "env"))) return fields;
  const fixed = generators.map((generator): Node => {
    const env = scalarOf(generator, "env");
    if (env === undefined) return generator;
    const list = sequence([scalar(env.text, env.origin)], env.origin);
    return appended(
      { ...generator, entries: new Map(generator.entries).set("env", list) },
      "envs",
      "env",
    );
  });
  const list = fields.entries.get(field);
  return list === undefined ? fields : withEntry(fields, field, sequence(fixed, list.origin));
}
