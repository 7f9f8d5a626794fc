import { describe, expect, it } from "vitest";
import { acceleratorsCheck } from "../scripts/checks/accelerators/index.ts";
import { autoscalingCheck } from "../scripts/checks/autoscaling/index.ts";
import type { Check } from "../scripts/checks/check.ts";
import { metricsCheck } from "../scripts/checks/metrics/index.ts";
import { modelsCheck } from "../scripts/checks/models/index.ts";
import { variablesCheck } from "../scripts/checks/variables/index.ts";
import { type Change, findingsAfter, insertAfter, replace } from "./support/mutate.ts";

const checks: readonly Check[] = [
  acceleratorsCheck,
  autoscalingCheck,
  metricsCheck,
  modelsCheck,
  variablesCheck,
];

const pools = "base/termite/pools";
const queries = `${pools}/read-heavy-embedders`;
const burst = `${pools}/burst-pool`;

/** What is broken, the file that breaks it, the rule and the file of the finding, and the other file that it names. */
type Mutation = readonly [string, Readonly<Record<string, Change>>, rule: string, other: string];

const shapes: readonly Mutation[] = [
  [
    "a pool has another topology",
    { [`${queries}/termite-pool.yaml`]: replace("topology: 2x2", "topology: 2x4") },
    `accelerator-topology ${queries}/termite-pool.yaml`,
    `${queries}/container-node-pool.yaml`,
  ],
  [
    "a pool has another topology in one environment alone",
    {
      "overlays/prod/termite/patch-overflow.yaml": (text) =>
        `${text}---\napiVersion: antfly.io/v1alpha1\nkind: TermitePool\nmetadata:\n  name: burst-pool\nspec:\n  hardware:\n    topology: 2x2\n`,
    },
    "accelerator-topology overlays/prod/termite/patch-overflow.yaml",
    `${burst}/container-node-pool.yaml`,
  ],
  [
    "nodes have another machine",
    {
      [`${queries}/container-node-pool.yaml`]: replace("ct5lp-hightpu-4t", "ct5lp-hightpu-8t"),
    },
    `accelerator-machine ${queries}/termite-pool.yaml`,
    `${queries}/container-node-pool.yaml`,
  ],
  [
    "a pool names another machine",
    { [`${queries}/termite-pool.yaml`]: replace("ct5lp-hightpu-4t", "ct5lp-hightpu-1t") },
    `accelerator-machine ${queries}/termite-pool.yaml`,
    `${queries}/container-node-pool.yaml`,
  ],
  [
    "a pool has the accelerator of another generation",
    { [`${queries}/termite-pool.yaml`]: replace("tpu-v5-lite-podslice", "tpu-v6e-slice") },
    `accelerator-type ${queries}/termite-pool.yaml`,
    `${queries}/container-node-pool.yaml`,
  ],
  [
    "pods ask for too few chips",
    {
      [`${queries}/termite-pool.yaml`]: replace(
        "      memory: 8Gi\n",
        '      memory: 8Gi\n      google.com/tpu: "2"\n',
      ),
    },
    `accelerator-chips ${queries}/termite-pool.yaml`,
    `${queries}/container-node-pool.yaml`,
  ],
  [
    "a pool on demand is spot",
    { [`${queries}/termite-pool.yaml`]: replace("spot: false", "spot: true") },
    `accelerator-spot ${queries}/termite-pool.yaml`,
    `${queries}/container-node-pool.yaml`,
  ],
  [
    "spot nodes have the taint that other spot nodes have",
    {
      [`${burst}/container-node-pool.yaml`]: insertAfter(
        "    taint:",
        '      - key: cloud.google.com/gke-spot\n        value: "true"\n        effect: NO_SCHEDULE',
      ),
    },
    `accelerator-taint ${burst}/container-node-pool.yaml`,
    `${burst}/termite-pool.yaml`,
  ],
  [
    "nodes have a lower ceiling than the pool",
    {
      [`${pools}/write-heavy-indexers/container-node-pool.yaml`]: replace(
        "NodeCount: 15",
        "NodeCount: 14",
      ),
    },
    `accelerator-ceiling ${pools}/write-heavy-indexers/container-node-pool.yaml`,
    `${pools}/write-heavy-indexers/termite-pool.yaml`,
  ],
  [
    "nodes are one slice over several machines",
    {
      [`${queries}/container-node-pool.yaml`]: insertAfter(
        "  initialNodeCount: 2",
        "  placementPolicy:\n    type: COMPACT\n    tpuTopology: 4x4",
      ),
    },
    `accelerator-slice ${queries}/container-node-pool.yaml`,
    `${queries}/termite-pool.yaml`,
  ],
];

const scaling: readonly Mutation[] = [
  [
    "a scaler goes above its pool",
    { [`${queries}/scaled-object.yaml`]: replace("maxReplicaCount: 8", "maxReplicaCount: 10") },
    `scaler-bounds ${queries}/scaled-object.yaml`,
    `${queries}/termite-pool.yaml`,
  ],
  [
    "a scaler goes below its pool",
    { [`${queries}/scaled-object.yaml`]: replace("minReplicaCount: 2", "minReplicaCount: 1") },
    `scaler-bounds ${queries}/scaled-object.yaml`,
    `${queries}/termite-pool.yaml`,
  ],
  [
    "a scaler has upstream's target, which the operator owns",
    {
      [`${queries}/scaled-object.yaml`]: (text) =>
        text
          .replace("antfly.io/v1alpha1", "apps/v1")
          .replace("kind: TermitePool", "kind: StatefulSet"),
    },
    `scaler-target-owned ${queries}/scaled-object.yaml`,
    `${queries}/termite-pool.yaml`,
  ],
  [
    "an autoscaler would count another pool's pods",
    {
      [`${queries}/termite-pool.yaml`]: replace(
        "antfly.io/pool=read-heavy-embedders",
        "antfly.io/pool=burst-pool",
      ),
    },
    `scaler-selector ${queries}/termite-pool.yaml`,
    `${queries}/scaled-object.yaml`,
  ],
];

const names: readonly Mutation[] = [
  [
    "a model has no owner",
    { [`${burst}/termite-pool.yaml`]: replace("BAAI/bge", "bge") },
    `model-unknown ${burst}/termite-pool.yaml`,
    "base/termite/models.yaml",
  ],
  [
    "a model has upstream's variant",
    { [`${queries}/termite-pool.yaml`]: replace("variant: i8", "variant: quantized") },
    `model-variant-unknown ${queries}/termite-pool.yaml`,
    "base/termite/models.yaml",
  ],
  [
    "every trigger asks for a metric that nothing writes",
    {
      [`${pools}/write-heavy-indexers/scaled-object.yaml`]: replace(
        "termite_proxy_active_connections",
        "termite_proxy_queue_depth",
      ),
    },
    `promql-constant ${pools}/write-heavy-indexers/scaled-object.yaml`,
    "metrics.yaml",
  ],
  [
    "a trigger asks for a metric that is not there",
    {
      [`${queries}/scaled-object.yaml`]: replace(
        "termite_proxy_active_connections",
        "termite_proxy_active_requests",
      ),
    },
    `promql-unknown-metric ${queries}/scaled-object.yaml`,
    "metrics.yaml",
  ],
  [
    "the proxy gets a variable that nothing reads",
    {
      "base/termite/proxy/deployment.yaml": replace(
        "TERMITE_PROXY_REFRESH_INTERVAL",
        "TERMITE_PROXY_REFRESH",
      ),
    },
    "variable-unread base/termite/proxy/deployment.yaml",
    "base/termite/proxy/variables.yaml",
  ],
  [
    "the operator gets upstream's variable that nothing reads",
    {
      "base/termite-operator/deployment.yaml": replace(
        "TERMITE_OPERATOR_LOG_STYLE",
        "TERMITE_OPERATOR_DEBUG",
      ),
    },
    "variable-unread base/termite-operator/deployment.yaml",
    "base/termite-operator/variables.yaml",
  ],
];

describe.each([
  ["shapes and sizes", shapes],
  ["scaling", scaling],
  ["names", names],
])("%s of Termite", (_, mutations) => {
  it.for(mutations)(
    "finds exactly that %s, and names both files",
    async ([, changes, rule, other]) => {
      const found = await findingsAfter(changes, checks);
      expect([...new Set(found.map((one) => `${one.rule} ${one.place.file}`))]).toEqual([rule]);
      for (const { message, help = "" } of found) {
        expect(`${message} ${help}`).toContain(other);
        expect(help).not.toBe("");
      }
    },
  );
});
