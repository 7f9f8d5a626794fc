import { readPods } from "../termite/pods.ts";
import { lineOf } from "./open.ts";
import type { Replicated } from "./placement.ts";

/** How many servers each pool has when nobody asks anything, and at most. */
export const sizes: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> =
  {
    dev: { "read-heavy-embedders": [1, 2] },
    staging: { "burst-pool": [0, 2], "read-heavy-embedders": [1, 2] },
    prod: {
      "burst-pool": [0, 20],
      "read-heavy-embedders": [2, 8],
      "write-heavy-indexers": [1, 15],
    },
  };

const bases = "base/termite/pools/read-heavy-embedders";
const nodePool = `${bases}/container-node-pool.yaml`;
const pool = `${bases}/termite-pool.yaml`;

type Mistake = {
  readonly what: string;
  readonly file: string;
  readonly change: readonly [from: string, to: string];
  /** What the operator would make of it. */
  readonly pod?: (pod: string) => string;
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
    pod: (pod) => pod.replace("2x2", "2x4").replaceAll('tpu":"4"', 'tpu":"8"'),
    says: new RegExp(
      `^2 of 2 pods of TermitePool ${poolPlace} run on node pool "tpu-v5e-2x4-spot" \\(base/termite/pools/write-heavy-indexers/container-node-pool.yaml:\\d+\\) instead of ${nodePlace}$`,
    ),
  },
  {
    what: "another topology of the pool, which no nodes have",
    file: pool,
    change: ["topology: 2x2", "topology: 4x4"],
    pod: (pod) => pod.replace("2x2", "4x4").replaceAll('tpu":"4"', 'tpu":"16"'),
    says: waits("2 of 2", "0/61 nodes are available: .*didn't match Pod's node affinity/selector"),
  },
  {
    what: "another machine of the nodes",
    file: nodePool,
    change: ["machineType: ct5lp-hightpu-4t", "machineType: ct5lp-hightpu-1t"],
    says: waits("2 of 2", "0/61 nodes are available: .*didn't match Pod's node affinity/selector"),
  },
  {
    what: "more chips for each pod than a machine has",
    file: pool,
    change: ["      memory: 8Gi\n", '      memory: 8Gi\n      google.com/tpu: "8"\n'],
    pod: (pod) => pod.replaceAll('tpu":"4"', 'tpu":"8"'),
    says: waits("2 of 2", "0/61 nodes are available: .*8 Insufficient google.com/tpu"),
  },
  {
    what: "a taint that the operator's pods do not tolerate",
    file: nodePool,
    change: [
      "    taint:\n",
      "    taint:\n      - key: cloud.google.com/gke-spot\n        value: 'true'\n        effect: NO_SCHEDULE\n",
    ],
    // Those of the pool, and the six of LLM Runner Router
    says: waits("2 of 2", "0/61 nodes are available: .*14 node\\(s\\) had untolerated taint"),
  },
  {
    what: "a ceiling of the nodes below the pool's",
    file: nodePool,
    change: ["totalMaxNodeCount: 8", "totalMaxNodeCount: 7"],
    extent: "maximum",
    says: waits("1 of 8", "0/60 nodes are available: .*7 Insufficient google.com/tpu"),
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
