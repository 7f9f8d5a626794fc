import type { Path, Resource } from "../fleet/resource.ts";
import type { Place } from "../yaml/place.ts";
import type { Cluster } from "./cluster.ts";
import type { Cause } from "./verdict.ts";

/** A cause with where to mend it, and what the cluster's controllers say about it. */
export type ExplainedCause = Cause & {
  readonly place: Place | undefined;
  /** Warning events about it and what it made: quota, admission, scheduling. */
  readonly events: readonly string[];
};

/** Adds the source place and the controllers' own words since a time to each cause. */
export async function explainCauses(
  causes: readonly Cause[],
  resources: readonly Resource[],
  cluster: Cluster,
  since: Date,
): Promise<readonly ExplainedCause[]> {
  return await Promise.all(
    causes.map(async (cause) => ({
      ...cause,
      place: placeOf(cause, resources),
      events: await warningsAbout(cause, cluster, since),
    })),
  );
}

/** The field that an API server's refusal names: `spec.ports[1].name: Duplicate value: "http"`. */
export function fieldOf(message: string): Path {
  const [, field = ""] = REFUSED_FIELD.exec(message) ?? [];
  return [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, index, key = ""]) => {
    if (index === undefined) return key;
    return /^\d+$/.test(index) ? Number(index) : index;
  });
}

/** A path, then what is wrong with it in the words of apimachinery's field errors. */
const REFUSED_FIELD =
  /(?<![\w.])((?:spec|metadata|data|subjects|roleRef|rules|webhooks)(?:\.\w+|\[[^\]]*\])*): (?:Invalid value|Required value|Forbidden|Unsupported value|Too |Not found|Duplicate value)/;

function placeOf({ resource, message }: Cause, resources: readonly Resource[]): Place | undefined {
  if (resource === undefined) return undefined;
  const { kind, namespace, name } = resource;
  const found = resources.find(
    ({ manifest }) =>
      manifest.kind === kind &&
      manifest.metadata.name === name &&
      (manifest.metadata.namespace ?? namespace) === namespace,
  );
  return found?.placeOf(fieldOf(message));
}

/** Warning events about a resource or what it made: their names begin with its own. */
async function warningsAbout(
  { resource }: Cause,
  cluster: Cluster,
  since: Date,
): Promise<readonly string[]> {
  if (resource?.namespace === undefined) return [];
  // Events are dated in whole seconds.
  const start = Math.floor(since.getTime() / 1000) * 1000;
  const warnings = (await cluster.list("v1", "Event", resource.namespace))
    .filter((event) => event.type === "Warning")
    .filter((event) => event.involvedObject.name.startsWith(resource.name))
    .filter((event) => new Date(event.lastTimestamp ?? event.eventTime).getTime() >= start)
    .map((event) => `${event.involvedObject.kind}: ${event.message}`);
  // A ReplicaSet says the same of each pod that it may not make, with a name made up for each.
  const told = new Map(warnings.map((text) => [text.replaceAll(GENERATED_NAME, ""), text]));
  return [...told.values()]
    .filter((text) => !text.includes("combined from similar events"))
    .slice(-3);
}

const GENERATED_NAME = /-[a-z0-9]{5}"/g;
