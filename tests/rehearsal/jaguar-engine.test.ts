import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queryAnswer } from "../../scripts/rehearsal/prometheus-api.ts";
import { waitFor } from "../../scripts/rehearsal/wait.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { limits, type Rates } from "../jaguar-engine/limits.ts";
import { mutate, replace } from "../support/mutate.ts";
import { causesOf, openQuietly, withApplications } from "./open.ts";

const environment = "staging";
const namespace = "jaguar-staging";
const name = "jaguar-engine";
const applications = ["argocd", "jaguar-engine", "keda", "prometheus-operator"];

/**
 * Seconds. That to scale up is staging's. That to scale down is 300 there and shorter here, but long enough
 * that the pods added before are a minute old: what a period has added, it also takes away.
 */
const windows = { up: 30, down: 30 };
/** Seconds. What looks of the autoscaler, 2 s apart, and ours may be off. */
const slack = 5;

let rehearsal: Awaited<ReturnType<typeof openQuietly>>;
const prometheus = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? "", "http://prometheus");
  asked.push(searchParams.get("query") ?? "");
  response.end(JSON.stringify(queryAnswer(entities)));
});
/** Of all pods; undefined where a pod does not know. */
let entities: number | undefined = 2 * 8;
const asked: string[] = [];

beforeAll(async () => {
  const tree = mutate({
    "base/jaguar-engine/runtime.env": replace(
      "scale_down_cooldown_seconds=300",
      `scale_down_cooldown_seconds=${windows.down}`,
    ),
    // Upwards the base's rates, which double; downwards staging's, which take minutes and not hours
    "overlays/staging/jaguar-engine/patch-autoscaling.yaml": (text) =>
      text.replace(/ {8}scaleUp:[\s\S]*(?= {8}scaleDown:)/, ""),
  });
  rehearsal = await openQuietly(environment);
  const few = overlayTree(tree, withApplications(tree, environment, applications));
  expect(causesOf(await rehearsal.sync(few, "the repository"))).toEqual([]);
  rehearsal.lead("prometheus.monitoring.svc:9090", await listen(prometheus));
});
afterAll(async () => {
  prometheus.close();
  await rehearsal?.close();
});

test("two idle pods stay two, under the base's rates up and staging's down", async () => {
  await untilAsked(2);
  expect(await replicas()).toBe(2);
  expect(await scalingActive()).toMatchObject({ status: "True", reason: "ValidMetricFound" });
  expect(await rates()).toEqual({
    scaleUp: {
      stabilizationWindowSeconds: windows.up,
      selectPolicy: "Min",
      policies: [
        { type: "Percent", value: 100, periodSeconds: 15 },
        { type: "Pods", value: 10, periodSeconds: 60 },
      ],
    },
    scaleDown: {
      stabilizationWindowSeconds: windows.down,
      selectPolicy: "Min",
      policies: [
        { type: "Percent", value: 10, periodSeconds: 60 },
        { type: "Pods", value: 1, periodSeconds: 60 },
      ],
    },
  });
});

/** On the way up, from two pods. */
const climb: Step[] = [];

test("14,000 entities on average on two pods make four, after the window", async () => {
  const start = performance.now();
  entities = 2 * 14_000;
  climb.push(...(await untilReplicas(4)));
  expect(climb.map(({ replicas }) => replicas)).toEqual([2, 4]);
  expect(seconds(start, climb[1])).toBeGreaterThan(windows.up - slack);
});

test("7,000 for each of 14 make 14: double in 15 s, and ten more in a minute at most", async () => {
  entities = 14 * 7000;
  climb.push(...(await untilReplicas(14)).slice(1));
  // Without the cap of ten 14 would follow 8
  expect(climb.map(({ replicas }) => replicas)).toEqual([2, 4, 8, 12, 14]);
  for (const { replicas, at } of climb) {
    const before = climb.findLast((step) => step.at <= at - (60 - slack) * 1000) ?? climb[0];
    expect(replicas - (before?.replicas ?? 0)).toBeLessThanOrEqual(10);
  }
  const { scaleUp } = await rates();
  expectWithin(limits(scaleUp, 2, 75, 1), climb);
});

test("14 are enough for them, and git and cluster agree", async () => {
  await waitFor("all to be ready", 60, async () => (await application()).health === "Healthy");
  // Two looks at 7,000 on each
  await untilAsked(2);
  expect(await replicas()).toBe(14);
  expect(await application()).toEqual({ sync: "Synced", health: "Healthy" });
});

test("a missing metric never scales down, however idle the CPU", async () => {
  const start = performance.now();
  entities = undefined;
  await waitFor("the autoscaler to miss its metric", 60, async () => {
    const { status, reason } = await scalingActive();
    return status === "False" && reason === "FailedGetExternalMetric";
  });
  const missing = asked.length;
  await waitFor("looks for longer than the window", 120, async () => {
    expect(await replicas()).toBe(14);
    const passed = (performance.now() - start) / 1000;
    return asked.length - missing > 10 && passed > windows.down + slack;
  });
  await waitFor(
    "the Application to tell it",
    60,
    async () => (await application()).health !== "Healthy",
  );
  expect(await replicas()).toBe(14);
  entities = 14 * 7000;
  await waitFor("the metric to be back", 60, async () => (await scalingActive()).status === "True");
  expect(await replicas()).toBe(14);
});

test("fewer entities take pods away after the window: one in a minute, and the emptiest first", async () => {
  const pods = (await rehearsal.cluster.list("v1", "Pod", namespace)).map(
    ({ metadata }) => metadata.name,
  );
  const [emptiest = "", emptier = "", ...others] = pods;
  // What the wrapper in each pod would tell
  for (const pod of others) await setDeletionCost(pod, 8);
  await setDeletionCost(emptier, 4);
  await setDeletionCost(emptiest, 0);
  const start = performance.now();
  entities = 14 * 8;
  const descent = await untilReplicas(13);
  expect(seconds(start, descent[1])).toBeGreaterThan(windows.down - slack);
  await untilPods([emptier, ...others]);
  descent.push(...(await untilReplicas(12)).slice(1));
  expect(descent.map((step) => step.replicas)).toEqual([14, 13, 12]);
  const { scaleDown } = await rates();
  expectWithin(limits(scaleDown, 14, 75, -1), descent);
  await untilPods(others);
});

test("what it asked Prometheus is what git says", async () => {
  const scaledObject = await rehearsal.cluster.find(
    "keda.sh/v1alpha1",
    "ScaledObject",
    name,
    namespace,
  );
  expect([...new Set(asked)]).toEqual([scaledObject?.spec.triggers[0].metadata.query]);
});

type Step = { readonly replicas: number; readonly at: number };

/** The steps are those reckoned, which has a number for every 15 s, and none comes earlier, counted from the first. */
function expectWithin(reckoned: readonly number[], steps: readonly Step[]): void {
  expect(steps.map((step) => step.replicas)).toEqual([...new Set(reckoned)]);
  for (const step of steps.slice(1)) {
    const earliest = 15 * (reckoned.indexOf(step.replicas) - 1);
    expect(seconds(steps[1]?.at ?? NaN, step)).toBeGreaterThan(earliest - slack);
  }
}

function seconds(start: number, step: Step | undefined): number {
  return ((step?.at ?? NaN) - start) / 1000;
}

/** Waits for a number of replicas, or one beyond; returns those on the way, and when each was first seen. */
async function untilReplicas(count: number): Promise<Step[]> {
  const first = await replicas();
  const steps: Step[] = [{ replicas: first, at: performance.now() }];
  await waitFor(`${count} replicas`, 180, async () => {
    const now = await replicas();
    if (now !== steps.at(-1)?.replicas) steps.push({ replicas: now, at: performance.now() });
    return (now - count) * (first - count) <= 0;
  });
  return steps;
}

async function untilAsked(times: number): Promise<void> {
  const before = asked.length;
  await waitFor("the next looks", 60, async () => asked.length >= before + times);
}

async function replicas(): Promise<number> {
  const deployment = await rehearsal.cluster.find("apps/v1", "Deployment", name, namespace);
  return deployment?.spec.replicas;
}

async function application(): Promise<{ readonly sync: string; readonly health: string }> {
  const found = await rehearsal.cluster.find("argoproj.io/v1alpha1", "Application", name, "argocd");
  return { sync: found?.status.sync.status, health: found?.status.health.status };
}

async function untilPods(names: readonly string[]): Promise<void> {
  await waitFor("the pod to go", 30, async () => {
    const left = await rehearsal.cluster.list("v1", "Pod", namespace);
    return left.map(({ metadata }) => metadata.name).join() === names.join();
  });
}

async function rates(): Promise<{ readonly scaleUp: Rates; readonly scaleDown: Rates }> {
  return (await autoscaler())?.spec.behavior;
}

async function scalingActive(): Promise<Partial<Condition>> {
  const conditions = (await autoscaler())?.status.conditions as Condition[] | undefined;
  return conditions?.find(({ type }) => type === "ScalingActive") ?? {};
}

async function autoscaler() {
  const name = "jaguar-engine-hpa";
  return await rehearsal.cluster.find("autoscaling/v2", "HorizontalPodAutoscaler", name, namespace);
}

type Condition = { readonly type: string; readonly status: string; readonly reason: string };

async function setDeletionCost(pod: string, cost: number): Promise<void> {
  const annotations = { "controller.kubernetes.io/pod-deletion-cost": String(cost) };
  const metadata = { name: pod, namespace, annotations };
  await rehearsal.cluster.apply({ apiVersion: "v1", kind: "Pod", metadata });
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}
