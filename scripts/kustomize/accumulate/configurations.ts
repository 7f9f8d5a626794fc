import { type Configurations, noConfigurations } from "../configurations/configurations.ts";
import { readCrds } from "../configurations/crds.ts";
import { defaultConfigurations } from "../configurations/defaults.ts";
import { mergeConfigurations } from "../configurations/merge.ts";
import { readConfigurations } from "../configurations/read.ts";
import { markOf, textsOf } from "../kustomization/fields.ts";
import type { Loaded } from "../loader.ts";
import { readConfiguration } from "../yaml/read.ts";
import type { Visit } from "./session.ts";

/** The configurations in force: those of the bases, the defaults, `configurations` and `crds`. */
export function configure(
  { kustomization, loader }: Visit,
  inherited: Configurations,
): Configurations {
  const { fields } = kustomization;
  const read = (field: "configurations" | "crds") =>
    textsOf(fields, field).map((entry) => {
      const loaded = loader.load(entry.text, markOf(entry));
      const known = files[field].get(loaded) ?? readFile(field, loaded);
      files[field].set(loaded, known);
      return known;
    });
  const own = read("configurations").reduce(merged, noConfigurations);
  const all = merged(inherited, merged(defaultConfigurations, own));
  return merged(all, read("crds").reduce(merged, noConfigurations));
}

/** A file that many kustomizations name, such as that of a component, is read once. */
const files = {
  configurations: new WeakMap<Loaded, Configurations>(),
  crds: new WeakMap<Loaded, Configurations>(),
};

function readFile(field: keyof typeof files, { text, file }: Loaded): Configurations {
  const keys = field === "crds" ? "last" : "unique";
  const document = text && readConfiguration(text, "resource", undefined, keys);
  return field === "crds" ? readCrds(document, file) : readConfigurations(document, file);
}

/**
 * `mergeConfigurations`, each pair once: nearly every kustomization of a repository merges the defaults
 * with the defaults that its bases come with.
 */
export function merged(base: Configurations, added: Configurations): Configurations {
  if (base === added || added === noConfigurations) return base;
  if (madeFrom.get(added) === base) return added;
  const known = results.get(base) ?? new WeakMap<Configurations, Configurations>();
  results.set(base, known);
  const result = known.get(added) ?? mergeConfigurations(base, added);
  known.set(added, result);
  madeFrom.set(result, base);
  return result;
}

/** What a result has all of: merged into it again, the result adds nothing but itself. */
const madeFrom = new WeakMap<Configurations, Configurations>();
const results = new WeakMap<Configurations, WeakMap<Configurations, Configurations>>();
