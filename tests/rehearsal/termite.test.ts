import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderAll } from "../../scripts/render/environment.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { readText } from "../../scripts/tree/tree.ts";
import { sizes } from "../termite/pods.ts";
import { causesOf, edited, openQuietly, repository, withApplications } from "./open.ts";
import { place } from "./placement.ts";
import { type Prometheus, startPrometheus } from "./prometheus.ts";
import { mistakes, remade, replicated } from "./termite-pools.ts";

const namespace = "termite-operator-namespace";
const queries = "read-heavy-embedders";
/** What Termite stands on. */
const few = ["argocd", "keda", "node-pools", "prometheus-operator", "termite-operator", "termite"];
const tree = overlayTree(repository, withApplications(repository, "prod", few));

let rehearsal: Awaited<ReturnType<typeof openQuietly>>;
let prometheus: Prometheus;
let scales: CustomObjectsApi;

beforeAll(async () => {
  // The control plane alone: nodes and pods are given to it by hand, until something is synced.
  rehearsal = await openQuietly("prod");
});
afterAll(async () => {
  await Promise.all([rehearsal?.close(), prometheus?.close()]);
});

describe.each(Object.keys(sizes))("the pods of the pools in %s", (environment) => {
  it.each(["minimum", "maximum"] as const)("run on their own nodes at the %s", async (extent) => {
    const resources = await renderAll(repository, environment);
    const problems = await place(rehearsal.cluster, resources, replicated(environment, extent));
    expect(problems).toEqual([]);
  });
});

describe("a mistake in prod", () => {
  it.each(mistakes)("is seen: $what", async ({ file, change, extent = "minimum", says }) => {
    const resources = await renderAll(edited(file, ...change), "prod");
    const pods = remade(replicated("prod", extent), resources);
    expect(await place(rehearsal.cluster, resources, pods)).toEqual([expect.stringMatching(says)]);
  });
});

describe("Termite in prod", () => {
  beforeAll(async () => {
    prometheus = await startPrometheus();
    const config = new KubeConfig();
    config.loadFromFile(rehearsal.kubeconfig);
    scales = config.makeApiClient(CustomObjectsApi);
    expose({ connections: 0 });
    expect(causesOf(await rehearsal.sync(tree, "Termite"))).toEqual([]);
    // From now on the address that git gives to KEDA leads to a real Prometheus.
    rehearsal.lead("prometheus.monitoring.svc:9090", prometheus.port);
  });

  describe("the scale subresource of a TermitePool", () => {
    it("says how many servers there are, and which pods they are", async () => {
      expect(await scale(queries)).toMatchObject({
        kind: "Scale",
        spec: { replicas: 2 },
        status: {
          replicas: 2,
          selector: "app.kubernetes.io/name=termite,antfly.io/pool=read-heavy-embedders",
        },
      });
    });

    it("selects the pods that the pool has", async () => {
      await expect.poll(() => podsOf(queries), { timeout: 30_000 }).toHaveLength(2);
    });

    it("moves the minimum when it is written, and nothing else", async () => {
      const before = await rehearsal.cluster.apply(
        alone("app.kubernetes.io/name=termite,antfly.io/pool=alone"),
      );
      await setReplicas("alone", 3);
      const after = await poolNamed("alone");
      expect(after?.spec).toEqual({ ...before.spec, replicas: { min: 3, max: 15 } });
      await expect.poll(() => podsOf("alone"), { timeout: 60_000 }).toHaveLength(3);
      await rehearsal.cluster.remove(before);
    });

    it.each([
      "antfly.io/pool=alone",
      "app.kubernetes.io/name=termite,antfly.io/pool=read-heavy-embedders",
    ])("is refused a selector that is not the pool's own: %s", async (selector) => {
      await expect(rehearsal.cluster.apply(alone(selector))).rejects.toThrow(
        "spec.scaleSelector must be app.kubernetes.io/name=termite,antfly.io/pool=",
      );
    });
  });

  describe("Argo CD, while the minimum moves", () => {
    it("stays Synced, and a sync for another reason leaves the number alone", async () => {
      expose({ connections: 50 });
      await expect.poll(() => minimum(queries), { timeout: 60_000 }).toBe(5);
      const file = "overlays/prod/termite/patch-quota.yaml";
      const quota = readText(tree, file)?.replace('"172"', '"173"');
      const changed = overlayTree(tree, { [file]: quota });
      expect(causesOf(await rehearsal.sync(changed, "another quota"))).toEqual([]);
      const [application, limit] = await Promise.all([
        rehearsal.cluster.find("argoproj.io/v1alpha1", "Application", "termite", "argocd"),
        rehearsal.cluster.find("v1", "ResourceQuota", "termite", namespace),
      ]);
      expect(limit?.spec.hard["requests.google.com/tpu"]).toBe("173");
      expect(application?.status.sync.status).toBe("Synced");
      expect((await poolNamed(queries))?.spec.replicas).toEqual({ min: 5, max: 8 });
    });
  });

  describe("the real KEDA, by a metric that a real Prometheus scrapes", () => {
    it("scales a pool up by its connections, as far as its maximum", async () => {
      // Ten to a server
      expose({ connections: 61 });
      await expect.poll(() => minimum(queries), { timeout: 60_000 }).toBe(7);
      expose({ connections: 400 });
      await expect.poll(() => minimum(queries), { timeout: 60_000 }).toBe(8);
      await expect.poll(() => podsOf(queries), { timeout: 60_000 }).toHaveLength(8);
    });

    it("wakes the burst pool by the first request that finds no server, of which there was no series", async () => {
      expect(await minimum("burst-pool")).toBe(0);
      expose({ connections: 0, refused: 1 });
      await expect.poll(() => minimum("burst-pool"), { timeout: 60_000 }).toBe(1);
    });
  });
});

/** A pool that no scaler has. */
function alone(scaleSelector: string) {
  return {
    apiVersion: "antfly.io/v1alpha1",
    kind: "TermitePool",
    metadata: { name: "alone", namespace },
    spec: {
      hardware: {},
      models: { preload: [] },
      replicas: { min: 0, max: 15 },
      scaleSelector,
    },
  };
}

function coordinates(name: string) {
  return { group: "antfly.io", version: "v1alpha1", plural: "termitepools", namespace, name };
}

async function scale(name: string) {
  return await scales.getNamespacedCustomObjectScale(coordinates(name));
}

/** Of no certain version: the pool's status is written meanwhile. */
async function setReplicas(name: string, replicas: number): Promise<void> {
  const body = {
    apiVersion: "autoscaling/v1",
    kind: "Scale",
    metadata: { name, namespace },
    spec: { replicas },
  };
  await scales.replaceNamespacedCustomObjectScale({ ...coordinates(name), body });
}

async function poolNamed(name: string) {
  return await rehearsal.cluster.find("antfly.io/v1alpha1", "TermitePool", name, namespace);
}

async function minimum(name: string): Promise<number | undefined> {
  return (await poolNamed(name))?.spec.replicas.min;
}

/** The running pods that the selector of `/scale` finds. */
async function podsOf(name: string) {
  const { selector } = (await scale(name)).status as { selector: string };
  const wanted = selector.split(",").map((term) => term.split("="));
  return (await rehearsal.cluster.list("v1", "Pod", namespace)).filter(
    ({ metadata, status }) =>
      status.phase === "Running" &&
      wanted.every(([key = "", value]) => metadata.labels?.[key] === value),
  );
}

/** What three proxies export: requests that are being answered, and those that found no server, without a series before the first. */
function expose(now: { readonly connections: number; readonly refused?: number }): void {
  const { connections, refused } = now;
  prometheus.expose(
    "# TYPE termite_proxy_active_connections gauge",
    `termite_proxy_active_connections{pool="${queries}",endpoint="http://10.0.0.1:8080"} ${connections}`,
    ...(refused === undefined
      ? []
      : [
          "# TYPE termite_proxy_requests_total counter",
          `termite_proxy_requests_total{pool="burst-pool",model="BAAI/bge-small-en-v1.5",operation="embed",status="no_endpoint"} ${refused}`,
        ]),
  );
}
