import type { Visit } from "../accumulate/session.ts";
import { BuildError } from "../build-error.ts";
import { type Mapping, nodeAt, textAt, withEntry, withoutEntry } from "../node/node.ts";
import type { Resource } from "../resource/resource.ts";
import { printDocuments } from "../yaml/print.ts";
import { pluginTransformers } from "./plugins.ts";

/**
 * Runs the transformers of `validators`. They must leave everything as it is, but for the label
 * `validated-by`, which stays.
 */
export function validate(
  { loader, session }: Visit,
  resources: readonly Resource[],
  configs: readonly Resource[],
): readonly Resource[] {
  return configs.reduce((before, config) => {
    const [validator] = pluginTransformers([config], "validators", loader);
    const after = validator?.transform(before, session.schemaState) ?? before;
    if (after === before || print(after) === print(before)) return after;
    throw new BuildError(
      `The validator "${textAt(config.object, ["metadata", "name"])}" changes resources, and a validator must not: name it under "transformers"`,
      { mark: config.object.origin.mark, file: config.source.file },
    );
  }, resources);
}

/** Everything that must stay, earlier names included. */
function print(resources: readonly Resource[]): string {
  const names = resources.map(({ previous, prefixes, suffixes }) => [previous, prefixes, suffixes]);
  const objects = resources.map(({ object }) => withoutValidatedBy(object));
  return printDocuments(objects) + JSON.stringify(names);
}

function withoutValidatedBy(object: Mapping): Mapping {
  const metadata = nodeAt(object, ["metadata"]);
  const labels = nodeAt(metadata, ["labels"]);
  if (metadata?.kind !== "mapping" || labels?.kind !== "mapping") return object;
  const others = withoutEntry(labels, "validated-by");
  if (others === labels) return object;
  const stripped =
    others.entries.size === 0
      ? withoutEntry(metadata, "labels")
      : withEntry(metadata, "labels", others);
  return withEntry(object, "metadata", stripped);
}
