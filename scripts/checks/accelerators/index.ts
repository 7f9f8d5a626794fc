import { SlipwayError } from "../../errors.ts";
import type { Resource } from "../../fleet/resource.ts";
import { readNodePool } from "../../nodes/node-pool.ts";
import { findingAt, nameAt } from "../argo/report.ts";
import type { Check, CheckContext } from "../check.ts";
import type { Finding } from "../finding.ts";
import { differences } from "./differences.ts";
import { admits, pairsOf, type TpuNodes } from "./pairs.ts";
import { type Pool, readPool } from "./pool.ts";

/** Says whether pods that need accelerators would find nodes, in every environment. */
export const acceleratorsCheck: Check = {
  id: "accelerators",
  description: "Every pool of TPU pods has a node pool of its shape that is large enough",
  run: (context) => ({
    status: "ran",
    findings: context.fleet.environments.flatMap((environment) =>
      acceleratorFindings(resourcesOf(context, environment), {
        isWhole: isWhole(context, environment),
      }),
    ),
  }),
};

/**
 * What is wrong between the pools and the node pools of one environment. `isWhole` says whether all
 * of it is here: otherwise what has no counterpart may have one elsewhere.
 */
export function acceleratorFindings(
  resources: readonly Resource[],
  { isWhole }: { readonly isWhole: boolean },
): readonly Finding[] {
  const pools = resources.flatMap((resource) => readPool(resource) ?? []);
  const { nodes, findings } = readNodes(resources);
  if (findings.length > 0) return findings;
  const pairs = pairsOf(pools, nodes);
  return pools.flatMap((pool) => {
    const own = pairs.get(pool);
    if (own === undefined) return isWhole ? [missing(pool, nodes)] : [];
    return [...differences(pool, own), ...sharedFindings(pool, own, nodes)];
  });
}

function resourcesOf({ renderings }: CheckContext, environment: string): Resource[] {
  return renderings
    .filter(({ target }) => target.environment === environment)
    .flatMap(({ resources }) => resources);
}

function isWhole({ fleet, renderings }: CheckContext, environment: string): boolean {
  return fleet.targets
    .filter((target) => target.environment === environment)
    .every(({ directory }) =>
      renderings.some(
        ({ target, findings }) => target.directory === directory && findings.length === 0,
      ),
    );
}

/** Node pools without accelerators are read too: what cannot be read cannot be rehearsed either. */
function readNodes(resources: readonly Resource[]): {
  readonly nodes: readonly TpuNodes[];
  readonly findings: readonly Finding[];
} {
  const nodes: TpuNodes[] = [];
  const findings: Finding[] = [];
  for (const resource of resources) {
    if (resource.manifest.kind !== "ContainerNodePool") continue;
    try {
      const pool = readNodePool(resource.manifest, "maximum");
      const { tpu } = pool.machine;
      if (tpu) nodes.push({ resource, pool, tpu });
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      const message = `What nodes pool "${resource.manifest.metadata.name}" has is not known`;
      findings.push(
        findingAt(resource, ["spec"], { rule: "accelerator-nodes", message, help: error.message }),
      );
    }
  }
  return { nodes, findings };
}

function missing(pool: Pool, nodes: readonly TpuNodes[]): Finding {
  const others = nodes.map((one) => nameAt(one.resource, ["spec", "nodeConfig", "machineType"]));
  return findingAt(pool.resource, ["spec", "hardware"], {
    rule: "accelerator-nodes-missing",
    message: `No node pool is there for TermitePool "${pool.name}": ${others.length === 0 ? "none has TPU machines" : `${others.join(", ")} ${others.length === 1 ? "serves another" : "serve others"}`}`,
    help: `Add a ContainerNodePool of ${pool.machineType ?? `machines with topology "${pool.topology}"`} for at least ${pool.maximum} nodes`,
  });
}

/** The operator's pods cannot say "not spot": shapes have to differ. */
function sharedFindings(pool: Pool, own: TpuNodes, nodes: readonly TpuNodes[]): Finding[] {
  if (!admits(own, pool)) return [];
  return nodes
    .filter((one) => one !== own && admits(one, pool))
    .map((one) =>
      findingAt(one.resource, ["spec", "nodeConfig", "machineType"], {
        rule: "accelerator-shared",
        message: `Pods of TermitePool ${nameAt(pool.resource, ["spec", "hardware", "topology"])} may also run on node pool "${one.pool.name}", which was not made for them${one.pool.spot === own.pool.spot ? "" : ` and has ${one.pool.spot ? "spot machines" : "machines on demand"}`}`,
        help: "Give the two node pools machines of different topologies: labels of nodes are all that these pods select by",
      }),
    );
}
