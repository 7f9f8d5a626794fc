import type { Resource } from "../../scripts/fleet/resource.ts";
import { playedPod, readPods, sizes } from "../termite/pods.ts";
import { lineOf } from "./open.ts";
import type { Replicated } from "./placement.ts";

const bases = "base/termite/pools/read-heavy-embedders";
const nodePool = `${bases}/container-node-pool.yaml`;
const pool = `${bases}/termite-pool.yaml`;

type Mistake = {
  readonly what: string;
  readonly file: string;
  readonly change: readonly [from: string, to: string];
  readonly extent?: Extent;
  readonly says: RegExp;
};

const poolPlace = `"read-heavy-embedders" \\(${pool}:${lineOf(pool, "  hardware:")}\\)`;
const nodePlace = `"tpu-v5e-2x2" \\(${nodePool}:${lineOf(nodePool, "  nodeConfig:")}\\)`;
const waits = (count: string, reason: string) =>
  new RegExp(
    `^${count} pods of TermitePool ${poolPlace} wait for node pool ${nodePlace}: ${reason}`,
  );

export const mistakes: readonly Mistake[] = [
  {
    what: "another topology of the pool, which other nodes have",
    file: pool,
    change: ["topology: 2x2", "topology: 2x4"],
    says: new RegExp(
      `^2 of 2 pods of TermitePool ${poolPlace} run on node pool "tpu-v5e-2x4-spot" \\(base/termite/pools/write-heavy-indexers/container-node-pool.yaml:\\d+\\) instead of ${nodePlace}$`,
    ),
  },
  {
    what: "another topology of the pool, which no nodes have",
    file: pool,
    change: ["topology: 2x2", "topology: 4x4"],
    says: waits(
      "2 of 2",
      "0/\\d+ nodes are available: .*didn't match Pod's node affinity/selector",
    ),
  },
  {
    what: "another machine of the nodes",
    file: nodePool,
    change: ["machineType: ct5lp-hightpu-4t", "machineType: ct5lp-hightpu-1t"],
    says: waits(
      "2 of 2",
      "0/\\d+ nodes are available: .*didn't match Pod's node affinity/selector",
    ),
  },
  {
    what: "more chips for each pod than a machine has",
    file: pool,
    // In requests and limits
    change: ["      ephemeral-storage:", '      google.com/tpu: "8"\n      ephemeral-storage:'],
    says: waits("2 of 2", "0/\\d+ nodes are available: .*8 Insufficient google.com/tpu"),
  },
  {
    what: "a taint that the operator's pods do not tolerate",
    file: nodePool,
    change: [
      "    taint:\n",
      "    taint:\n      - key: cloud.google.com/gke-spot\n        value: 'true'\n        effect: NO_SCHEDULE\n",
    ],
    // Those of the pool, and the six of LLM Runner Router
    says: waits("2 of 2", "0/\\d+ nodes are available: .*14 node\\(s\\) had untolerated taint"),
  },
  {
    what: "a ceiling of the nodes below the pool's",
    file: nodePool,
    change: ["totalMaxNodeCount: 8", "totalMaxNodeCount: 7"],
    extent: "maximum",
    says: waits("1 of 8", "0/\\d+ nodes are available: .*7 Insufficient google.com/tpu"),
  },
  {
    what: "a quota of chips below what all pools have at most",
    file: "overlays/prod/termite/patch-quota.yaml",
    change: ['requests.google.com/tpu: "172"', 'requests.google.com/tpu: "171"'],
    extent: "maximum",
    says: /^1 of 15 pods of TermitePool "write-heavy-indexers" .* are refused: .*exceeded quota: termite, requested: requests.google.com\/tpu=8, used: requests.google.com\/tpu=164/s,
  },
];

type Extent = "minimum" | "maximum";

/** The pods of an environment's pools and how many there are of each. */
export function replicated(environment: string, extent: Extent): Replicated[] {
  return readPods(environment).map((pod) => {
    const [minimum, maximum] = sizes[environment]?.[
      pod.metadata.labels?.["antfly.io/pool"] ?? ""
    ] ?? [Number.NaN, Number.NaN];
    return { pod, replicas: extent === "minimum" ? minimum : maximum };
  });
}

/** The same pods with what the operator would make of the pools as they are rendered, a mistake in them included. */
export function remade(pods: readonly Replicated[], resources: readonly Resource[]): Replicated[] {
  return pods.map(({ pod, replicas }) => {
    const pool = resources.find(
      ({ manifest: { kind, metadata } }) =>
        kind === "TermitePool" && metadata.name === pod.metadata.labels?.["antfly.io/pool"],
    );
    if (pool === undefined) throw new Error(`There is no pool of pod "${pod.metadata.name}"`);
    return { pod: { ...pod, spec: playedPod(pool.manifest).spec }, replicas };
  });
}
