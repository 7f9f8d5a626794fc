import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { queryAnswer } from "../../scripts/rehearsal/prometheus-api.ts";
import { waitFor } from "../../scripts/rehearsal/wait.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { causesOf, edited, openQuietly, withApplications } from "./open.ts";

const environment = "staging";
const namespace = "jaguar-staging";
const name = "jaguar-engine";
const applications = ["argocd", "jaguar-engine", "keda", "prometheus-operator"];

/**
 * Seconds. That to scale up is staging's. That to scale down is 300 there and shorter here, but long enough
 * that the pods added before are a minute old: what a period has added, it also takes away.
 */
const windows = { up: 30, down: 30 };
/** Staging's steps up: one in so many seconds. */
const stepUp = 30;
/** What looks of the autoscaler, 2 s apart, and ours may be off. */
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
  const tree = edited(
    "base/jaguar-engine/runtime.env",
    "scale_down_cooldown_seconds=300",
    `scale_down_cooldown_seconds=${windows.down}`,
  );
  rehearsal = await openQuietly(environment);
  const few = overlayTree(tree, withApplications(tree, environment, applications));
  expect(causesOf(await rehearsal.sync(few, "the repository"))).toEqual([]);
  rehearsal.lead("prometheus.monitoring.svc:9090", await listen(prometheus));
});
afterAll(async () => {
  prometheus.close();
  await rehearsal?.close();
});

test("two idle pods stay two", async () => {
  await untilAsked(2);
  expect(await replicas()).toBe(2);
  expect(await scalingActive()).toMatchObject({ status: "True", reason: "ValidMetricFound" });
});

test("14,000 entities on average on two pods make four, in steps and after the window", async () => {
  const start = performance.now();
  entities = 2 * 14_000;
  const steps = await untilReplicas(4);
  // Half more, and two more, in 30 s: whichever is less
  expect(steps.map(({ replicas }) => replicas)).toEqual([2, 3, 4]);
  const [, first = NaN, second = NaN] = steps.map(({ at }) => (at - start) / 1000);
  expect(first).toBeGreaterThan(windows.up - slack);
  expect(second - first).toBeGreaterThan(stepUp - slack);
});

test("four is enough for them, and git and cluster agree", async () => {
  // Two looks at 7,000 on each of four
  await untilAsked(2);
  expect(await replicas()).toBe(4);
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
    expect(await replicas()).toBe(4);
    const seconds = (performance.now() - start) / 1000;
    return asked.length - missing > 10 && seconds > windows.down + slack;
  });
  await waitFor(
    "the Application to tell it",
    60,
    async () => (await application()).health !== "Healthy",
  );
  expect(await replicas()).toBe(4);
  entities = 2 * 14_000;
  await waitFor("the metric to be back", 60, async () => (await scalingActive()).status === "True");
  expect(await replicas()).toBe(4);
});

test("fewer entities take a pod away after the window, one, and the emptiest", async () => {
  const pods = (await rehearsal.cluster.list("v1", "Pod", namespace)).map(
    ({ metadata }) => metadata.name,
  );
  const [emptiest = "", ...others] = pods;
  // What the wrapper in each pod would tell
  for (const pod of others) await setDeletionCost(pod, 8);
  await setDeletionCost(emptiest, 0);
  const start = performance.now();
  entities = 4 * 8;
  const steps = await untilReplicas(3);
  expect(steps.map((step) => step.replicas)).toEqual([4, 3]);
  expect(((steps[1]?.at ?? 0) - start) / 1000).toBeGreaterThan(windows.down - slack);
  await waitFor("the pod to go", 30, async () => {
    const left = await rehearsal.cluster.list("v1", "Pod", namespace);
    return left.length === 3 && left.every(({ metadata }) => metadata.name !== emptiest);
  });
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

async function scalingActive(): Promise<Partial<Condition>> {
  const autoscaler = await rehearsal.cluster.find(
    "autoscaling/v2",
    "HorizontalPodAutoscaler",
    "jaguar-engine-hpa",
    namespace,
  );
  const conditions = autoscaler?.status.conditions as Condition[] | undefined;
  return conditions?.find(({ type }) => type === "ScalingActive") ?? {};
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
