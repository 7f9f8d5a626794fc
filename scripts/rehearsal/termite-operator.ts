import { setTimeout } from "node:timers/promises";
import { chipsOf } from "../nodes/topology.ts";
import { mapping, text } from "../yaml/value.ts";
import type { Cluster, LiveObject } from "./cluster.ts";

const API = "antfly.io/v1alpha1";
const TPU = "google.com/tpu";

/**
 * Plays Termite's operator, of which no module is published: each TermitePool has a StatefulSet of as
 * many pods as its minimum says. So the real scheduler, quota and autoscalers have something to work
 * on, and whoever scales a pool sees its pods follow.
 */
export function playTermiteOperator(cluster: Cluster): { readonly close: () => Promise<void> } {
  const stop = new AbortController();
  const written = new Map<string, string>();
  const running = (async () => {
    while (!stop.signal.aborted) {
      // What is in the way now, such as a namespace that is not there yet, may be gone at the next look
      await reconcile(cluster, written).catch(() => {});
      await setTimeout(500, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

async function reconcile(cluster: Cluster, written: Map<string, string>): Promise<void> {
  if (!(await cluster.serves(API, "TermitePool"))) return;
  for (const pool of await cluster.list(API, "TermitePool")) {
    const set = statefulSetOf(pool);
    const now = JSON.stringify(set);
    if (written.get(pool.metadata.uid) === now) continue;
    await cluster.apply(set);
    written.set(pool.metadata.uid, now);
  }
}

/**
 * The StatefulSet that the operator makes of a pool, without what only a kubelet would look at:
 * antflydb/termite at 8c643856720fa72b1c4f1e25c6f35ae61dad150f, pkg/operator/controllers/termitepool_controller.go.
 */
export function statefulSetOf({ metadata: { name, namespace, uid }, spec }: LiveObject): object {
  const selector = {
    "app.kubernetes.io/name": "termite",
    "app.kubernetes.io/instance": name,
    "antfly.io/pool": name,
  };
  const labels = {
    ...selector,
    "app.kubernetes.io/component": "termite-pool",
    "antfly.io/workload-type": spec.workloadType ?? "general",
  };
  const owner = { apiVersion: API, kind: "TermitePool", name, uid, controller: true };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, namespace, labels, ownerReferences: [owner] },
    spec: {
      replicas: spec.replicas.min,
      serviceName: name,
      selector: { matchLabels: selector },
      template: { metadata: { labels }, spec: podOf(name, spec) },
    },
  };
}

function podOf(name: string, spec: LiveObject["spec"]): object {
  const { accelerator, topology, spot } = mapping(spec.hardware);
  const isTpu = text(accelerator) !== undefined;
  const isSpot = spot === true && spec.gke?.autopilot !== true;
  const models = { name: "models", mountPath: "/models" };
  const image = spec.image ?? "termite";
  return {
    ...((isTpu || isSpot) && {
      nodeSelector: {
        ...(isTpu && {
          "cloud.google.com/gke-tpu-accelerator": accelerator,
          "cloud.google.com/gke-tpu-topology": topology,
        }),
        ...(isSpot && { "cloud.google.com/gke-spot": "true" }),
      },
    }),
    ...(isTpu && { tolerations: [{ key: TPU, operator: "Exists", effect: "NoSchedule" }] }),
    ...(isSpot && { terminationGracePeriodSeconds: 15 }),
    initContainers: [{ name: "model-puller", image, volumeMounts: [models] }],
    containers: [
      {
        name: "termite",
        image,
        ports: [{ name: "http", containerPort: 8080 }],
        resources: resourcesOf(spec.resources, isTpu ? chipsOf(text(topology) ?? "") : undefined),
        volumeMounts: [models, { name: "config", mountPath: "/config", readOnly: true }],
      },
    ],
    volumes: [
      { name: "models", emptyDir: {} },
      { name: "config", configMap: { name: `${name}-config` } },
    ],
  };
}

/** Those of the pool, or the operator's own, with all chips of a node where the pool names none. */
function resourcesOf(resources: LiveObject["spec"], chips: number | undefined): object {
  const { requests, limits } = resources ?? {
    requests: { cpu: "1", memory: "4Gi" },
    limits: { cpu: "2", memory: "8Gi" },
  };
  const own = chips === undefined ? {} : { [TPU]: String(chips) };
  return { requests: { ...own, ...requests }, limits: { ...own, ...limits } };
}
