import { afterAll, beforeAll, expect, test } from "vitest";
import { serverPackages } from "../../scripts/pipelines/packages.ts";
import { prepareRabbitMq, type RabbitMq } from "../../scripts/pipelines/rabbitmq.ts";
import { type Server, startServer, stopServer } from "../../scripts/pipelines/server.ts";
import { declareTopology } from "../../scripts/pipelines/topology.ts";
import { waitFor } from "../../scripts/rehearsal/wait.ts";
import { openWorkspace, type Workspace } from "../../scripts/rehearsal/workspace.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { causesOf, edited, openQuietly, withApplications } from "./open.ts";

const environment = "staging";
const namespace = "ml-inference-staging";
const applications = [
  "argocd",
  "cert-manager",
  "cloudnative-pg",
  "keda",
  "ml-inference",
  "prometheus-operator",
  "rabbitmq-operators",
  "sealed-secrets",
];
/** Of the ScaledObject: messages for each worker. */
const perWorker = 5;

let rehearsal: Awaited<ReturnType<typeof openQuietly>>;
let workspace: Workspace;
let rabbitmq: RabbitMq;
let holder: Server;

beforeAll(async () => {
  // In a cluster the number of workers falls after five minutes. Not at once: see the broker that restarts
  const tree = edited(
    "base/ml-inference/scaled-object.yaml",
    "stabilizationWindowSeconds: 300",
    "stabilizationWindowSeconds: 40",
  );
  rehearsal = await openQuietly(environment);
  const few = overlayTree(tree, withApplications(tree, environment, applications));
  expect(causesOf(await rehearsal.sync(few, "the repository"))).toEqual([]);

  workspace = await openWorkspace();
  rabbitmq = await prepareRabbitMq(workspace, await serverPackages());
  await startServer(workspace, rabbitmq);
  // The cluster's own users: KEDA gets in by what sealed-secrets has unsealed
  await declareTopology(rabbitmq, "base/ml-inference", passwordIn);
  rehearsal.lead(`rabbitmq.${namespace}.svc:15672`, rabbitmq.management);
  holder = {
    name: "holder",
    command: {
      file: await tool("bento"),
      args: ["-c", workspace.write("holder.yaml", await holderPipeline())],
      env: {},
    },
    isReady: async () => (await queue()).consumers === 1,
  };
});
afterAll(async () => {
  await rehearsal?.close();
  await workspace?.close();
});

test("one worker waits at an empty queue", async () => {
  await waitFor("a look at the real queue", 60, async () => (await lookedAt()) === 0);
  expect(await workers()).toEqual({ wanted: 1, ready: 1 });
});

test("messages that workers hold count like those that wait", async () => {
  await startServer(workspace, holder);
  await publish(12);
  await waitFor("all messages to be held", 30, async () => (await queue()).unacknowledged === 12);
  expect((await queue()).ready).toBe(0);
  await untilWorkers(Math.ceil(12 / perWorker));
});

test("a longer queue gets more workers, at most as many as the environment has", async () => {
  await publish(28);
  await waitFor("a queue of 40", 30, async () => (await queue()).ready === 28);
  await untilWorkers(Math.ceil(40 / perWorker));
  await publish(60);
  await untilWorkers(10);
});

test("a broker that does not answer, or has just started and tells no length yet, changes nothing", async () => {
  await stopServer(workspace, rabbitmq, "SIGKILL");
  await waitFor("the autoscaler to miss its metric", 60, async () => {
    return (await scalingActive())?.reason === "FailedGetExternalMetric";
  });
  expect(await workers()).toEqual({ wanted: 10, ready: 10 });
  await startServer(workspace, rabbitmq);
  await waitFor("the metric to be back", 60, async () => (await lookedAt()) === 100);
  expect(await workers()).toEqual({ wanted: 10, ready: 10 });
});

test("when the queue is empty again one worker is left, and git and cluster still agree", async () => {
  await stopServer(workspace, holder, "SIGKILL");
  await waitFor("every message to be free", 30, async () => (await queue()).ready === 100);
  await rabbitmq.manage("DELETE", "/queues/%2F/inference_requests/contents");
  await untilWorkers(1);
  const application = await rehearsal.cluster.find(
    "argoproj.io/v1alpha1",
    "Application",
    "ml-inference",
    "argocd",
  );
  expect(application?.status.sync.status).toBe("Synced");
});

/** A consumer that takes twelve requests and finishes none, as busy workers would. */
async function holderPipeline(): Promise<string> {
  const url = rabbitmq.url("ml-worker", await passwordIn("rabbitmq-ml-worker"));
  return JSON.stringify({
    http: { enabled: false },
    input: { amqp_0_9: { urls: [url], queue: "inference_requests", prefetch_count: 12 } },
    pipeline: { processors: [{ sleep: { duration: "1h" } }] },
    output: { drop: {} },
  });
}

async function passwordIn(secret: string): Promise<string> {
  const found = await rehearsal.cluster.find("v1", "Secret", secret, namespace);
  return Buffer.from(found?.data.password, "base64").toString();
}

async function publish(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const answer = await rabbitmq.manage("POST", "/exchanges/%2F/amq.default/publish", {
      routing_key: "inference_requests",
      payload: "{}",
      payload_encoding: "string",
      properties: { delivery_mode: 2 },
    });
    expect(await answer.json()).toEqual({ routed: true });
  }
}

async function queue() {
  const answer = await rabbitmq.manage("GET", "/queues/%2F/inference_requests");
  const told = (await answer.json()) as Readonly<Record<string, number>>;
  const { messages_ready: ready, messages_unacknowledged: unacknowledged, consumers } = told;
  return { ready, unacknowledged, consumers };
}

async function workers() {
  const deployment = await rehearsal.cluster.find("apps/v1", "Deployment", "ml-worker", namespace);
  return { wanted: deployment?.spec.replicas, ready: deployment?.status.readyReplicas };
}

async function untilWorkers(count: number): Promise<void> {
  await waitFor(`${count} workers`, 120, async () => {
    const { wanted, ready } = await workers();
    return wanted === count && ready === count;
  });
}

async function autoscaler() {
  const name = "keda-hpa-ml-worker";
  return rehearsal.cluster.find("autoscaling/v2", "HorizontalPodAutoscaler", name, namespace);
}

/** The length of the queue that the autoscaler went by last. */
async function lookedAt(): Promise<number> {
  const found = await autoscaler();
  const average: string | undefined =
    found?.status.currentMetrics?.[0]?.external?.current?.averageValue;
  if ((await scalingActive())?.status !== "True" || average === undefined) return Number.NaN;
  const value = average.endsWith("m") ? Number(average.slice(0, -1)) / 1000 : Number(average);
  return Math.round(value * found?.status.currentReplicas);
}

async function scalingActive(): Promise<Condition | undefined> {
  const conditions: readonly Condition[] | undefined = (await autoscaler())?.status.conditions;
  return conditions?.find(({ type }) => type === "ScalingActive");
}

type Condition = { readonly type: string; readonly status: string; readonly reason: string };
