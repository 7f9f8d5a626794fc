import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { LiveObject } from "../../scripts/rehearsal/cluster.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { readText } from "../../scripts/tree/tree.ts";
import { answer, type Client, clientAs, clientOf } from "../understudy/client.ts";
import {
  deployedObjects,
  deployment,
  evaluation,
  type Model,
  type Sent,
} from "../understudy/objects.ts";
import { causesOf, openQuietly, repository, withApplications } from "./open.ts";

const namespace = "understudy";
const application = "understudy";
const few = ["argocd", "node-pools", "prometheus-operator", "sealed-secrets", application];
const tree = overlayTree(repository, withApplications(repository, "dev", few));

const models: readonly [Model, Model, Model] = [
  { endpoint: "0b6cf9a1-3c57-4d2e-9f10-7a8e5b1c2d3f", version: 3 },
  { endpoint: "5d0f7c22-91ab-4e6d-8c33-2f4b6a7d8e90", version: 1 },
  { endpoint: "c4e1b7d8-6a05-4f9b-b2d7-1e0f3a5c7b96", version: 1 },
];

let rehearsal: Awaited<ReturnType<typeof openQuietly>>;
let backend: Client;
let admin: Client;

beforeAll(async () => {
  rehearsal = await openQuietly("dev");
  expect(causesOf(await rehearsal.sync(tree, "understudy"))).toEqual([]);
  admin = clientOf(rehearsal.kubeconfig);
  backend = await clientAs("backend-service", rehearsal);
});
afterAll(() => rehearsal?.close());

describe("the first sync", () => {
  it("has PostgreSQL and Redis ready before the schema is made, and the schema before the backend", async () => {
    const [postgres, redis, schema, backendMade] = await Promise.all([
      found("v1", "Pod", "postgres-0"),
      found("apps/v1", "Deployment", "redis"),
      found("batch/v1", "Job", "schema"),
      found("apps/v1", "Deployment", "backend"),
    ]);
    const begins = madeAt(schema);
    expect(since(postgres, "Ready")).toBeLessThanOrEqual(begins);
    expect(since(redis, "Available")).toBeLessThanOrEqual(begins);
    expect(since(schema, "Complete")).toBeLessThanOrEqual(madeAt(backendMade));
  });

  it("has Redis ready before each program that ends without it", async () => {
    const ready = since(await found("apps/v1", "Deployment", "redis"), "Available");
    for (const name of ["backend", "training-service", "evaluation-service"]) {
      expect(madeAt(await found("apps/v1", "Deployment", name)), name).toBeGreaterThanOrEqual(
        ready,
      );
    }
  });

  it("has the name and the pods of the backend before nginx looks it up", async () => {
    const [service, pods, frontend] = await Promise.all([
      found("v1", "Service", "backend-service"),
      found("apps/v1", "Deployment", "backend"),
      found("apps/v1", "Deployment", "frontend"),
    ]);
    expect(madeAt(service)).toBeLessThanOrEqual(madeAt(frontend));
    expect(since(pods, "Available")).toBeLessThanOrEqual(madeAt(frontend));
  });
});

describe("the backend, with its own account", () => {
  it("deploys a model and evaluates it, and the pods run on nodes", async () => {
    const job = evaluation(models[0], "batch-1");
    for (const sent of [...deployedObjects(models[0]), job]) await backend.create(sent);
    const name = `slm-${models[0].endpoint}-v3`;
    await vi.waitFor(
      async () => {
        expect((await found("apps/v1", "Deployment", name)).status.availableReplicas).toBe(1);
        const evaluated = await found("batch/v1", "Job", String(job.metadata?.name));
        expect(evaluated.status.succeeded).toBe(1);
      },
      { timeout: 60_000, interval: 500 },
    );
    const pods = await slm("v1", "Pod");
    expect(pods.map(({ spec }) => spec.nodeName)).toEqual([
      expect.stringMatching(/.+/),
      expect.stringMatching(/.+/),
    ]);
    expect(new Set(pods.map(({ spec }) => spec.containers[0].image)).size).toBe(1);
    expect(new Set(pods.map(({ spec }) => spec.serviceAccountName))).toEqual(
      new Set(["slm-inference"]),
    );
  });

  it("leads the Service to the pod that serves and not to the evaluation's", async () => {
    const [serving] = (await slm("v1", "Pod")).filter(
      ({ metadata }) => metadata.labels?.mode === "endpoint",
    );
    const slices = await slm("discovery.k8s.io/v1", "EndpointSlice");
    const targets = slices.flatMap(({ endpoints }) =>
      (endpoints as { targetRef: { name: string } }[]).map(({ targetRef }) => targetRef.name),
    );
    expect(targets).toEqual([serving?.metadata.name]);
  });

  it("has an autoscaler that reads what the pods use", async () => {
    await vi.waitFor(
      async () => {
        const [autoscaler] = await slm("autoscaling/v2", "HorizontalPodAutoscaler");
        const conditions = autoscaler?.status.conditions as Condition[] | undefined;
        expect(conditions?.find(({ type }) => type === "ScalingActive")?.status).toBe("True");
      },
      { timeout: 60_000, interval: 500 },
    );
  });

  it("deploys as many models as dev may have, and of one more nothing is made", async () => {
    for (const sent of deployedObjects(models[1])) await backend.create(sent);
    expect(await answer(backend.create(deployment(models[2])))).toMatch(
      /^403 .*exceeded quota: understudy-objects.*count\/deployments.apps=8/,
    );
    expect(await slm("apps/v1", "Deployment")).toHaveLength(2);
  });

  it("does what its code does: lists nodes, reads and lists Deployments, lists Jobs", async () => {
    expect((await backend.list("v1", "Node")).length).toBeGreaterThan(0);
    expect((await backend.read(deployment(models[0]))).status.replicas).toBe(1);
    expect((await backend.list("apps/v1", "Deployment", namespace)).length).toBe(8);
    expect((await backend.list("batch/v1", "Job", namespace)).length).toBe(2);
  });

  it.each<[what: string, request: () => Promise<unknown>]>([
    ["to list Secrets", () => backend.list("v1", "Secret", namespace)],
    ["to read a Secret", () => backend.read(named("v1", "Secret", "understudy-secrets"))],
    ["to list ConfigMaps", () => backend.list("v1", "ConfigMap", namespace)],
    ["to list Pods", () => backend.list("v1", "Pod", namespace)],
    ["to list Deployments elsewhere", () => backend.list("apps/v1", "Deployment", "argocd")],
    [
      "to create Deployments elsewhere",
      () => {
        const sent = deployment(models[2]);
        return backend.create({ ...sent, metadata: { ...sent.metadata, namespace: "default" } });
      },
    ],
    ["to create Pods", () => backend.create({ ...named("v1", "Pod", "slm-pod"), spec: {} })],
    ["to read a Service", () => backend.read(named("v1", "Service", "redis-service"))],
  ])("is forbidden %s", async (_, request) => {
    expect(await answer(request())).toMatch(
      /^403 .* is forbidden: User "system:serviceaccount:understudy:backend-service" cannot/,
    );
  });

  it.each([
    named("apps/v1", "Deployment", "redis"),
    named("v1", "Service", "postgres-service"),
    named("batch/v1", "Job", "schema"),
  ])("is refused to delete what is git's: $kind $metadata.name", async (object) => {
    expect(await answer(backend.remove(object))).toContain("what belongs to an SLM");
  });
});

it("no other account of Understudy may do any of that, nor read a Secret", async () => {
  const accounts = (await admin.list("v1", "ServiceAccount", namespace)).map(
    ({ metadata }) => metadata.name,
  );
  expect(accounts.sort()).toEqual([
    ...["backend-service", "default", "evaluation-service", "frontend", "model-broker"],
    ...["postgres", "redis", "schema", "slm-inference", "training-service"],
  ]);
  const others = accounts.filter((account) => account !== "backend-service");
  const granted = await Promise.all(
    others.map(async (account) => [
      account,
      await grantedTo(account, [...done, "get secrets", "list secrets"]),
    ]),
  );
  expect(granted).toEqual(others.map((account) => [account, []]));
  expect(await grantedTo("backend-service", done)).toEqual(done);
});

describe("Argo CD", () => {
  it("stays Synced and Healthy over the next commit, and leaves the SLMs as they are", async () => {
    const before = await Promise.all(slmKinds.map(([version, kind]) => slm(version, kind)));
    const file = "overlays/dev/understudy/runtime.env";
    const changed = overlayTree(tree, {
      [file]: `${readText(tree, file)}changed=by-the-next-commit\n`,
    });
    expect(causesOf(await rehearsal.sync(changed, "a setting"))).toEqual([]);
    const after = await Promise.all(slmKinds.map(([version, kind]) => slm(version, kind)));
    expect(after.map(ids)).toEqual(before.map(ids));
    expect(await applicationState()).toEqual({ sync: "Synced", health: "Healthy", warnings: [] });
  });

  it("tells a stranger in the namespace, and does not remove it", async () => {
    const stranger = { ...named("v1", "ConfigMap", "stranger"), data: {} };
    await admin.create(stranger);
    await vi.waitFor(
      async () => {
        await rehearsal.cluster.refreshApplications([application]);
        expect((await applicationState()).warnings).toEqual([
          expect.stringContaining("1 orphaned resource"),
        ]);
      },
      { timeout: 60_000, interval: 1000 },
    );
    expect((await admin.read(stranger)).metadata.name).toBe("stranger");
    await admin.remove(stranger);
  });
});

it("what the backend deletes leaves nothing behind", async () => {
  const all = [...models.slice(0, 2).flatMap(deployedObjects), evaluation(models[0], "batch-1")];
  for (const sent of all) await backend.remove(sent);
  await vi.waitFor(
    async () => {
      const left = await Promise.all(slmKinds.map(([version, kind]) => slm(version, kind)));
      expect(left.flat().map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([]);
    },
    { timeout: 60_000, interval: 500 },
  );
});

type Condition = {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime: string;
};

/** What the backend's code does with the API server. */
const done = [
  ...["create", "get", "list", "delete"].map((verb) => `${verb} deployments.apps`),
  ...["create", "list", "delete"].map((verb) => `${verb} jobs.batch`),
  ...["create", "delete"].map((verb) => `${verb} services`),
  ...["create", "delete"].map((verb) => `${verb} horizontalpodautoscalers.autoscaling`),
  "list nodes",
];

/** What of it the API server would let an account do, asked as an administrator. */
async function grantedTo(account: string, requests: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(
    requests.map(async (request) => {
      const [verb, resource, group = ""] = request.split(/[ .]/);
      const place = resource === "nodes" ? {} : { namespace };
      const { status } = await admin.create({
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        metadata: {},
        spec: {
          user: `system:serviceaccount:${namespace}:${account}`,
          groups: [`system:serviceaccounts:${namespace}`, "system:authenticated"],
          resourceAttributes: { verb, group, resource, ...place },
        },
      });
      return status.allowed === true ? [request] : [];
    }),
  );
  return answers.flat();
}

/** Everything that an SLM is made of, what controllers add included. */
const slmKinds = [
  ["apps/v1", "Deployment"],
  ["apps/v1", "ReplicaSet"],
  ["autoscaling/v2", "HorizontalPodAutoscaler"],
  ["batch/v1", "Job"],
  ["discovery.k8s.io/v1", "EndpointSlice"],
  ["v1", "Pod"],
  ["v1", "Service"],
] as const;

async function slm(apiVersion: string, kind: string): Promise<LiveObject[]> {
  const objects = await rehearsal.cluster.list(apiVersion, kind, namespace);
  return objects.filter(({ metadata }) => metadata.name.startsWith("slm-"));
}

async function found(apiVersion: string, kind: string, name: string): Promise<LiveObject> {
  const object = await rehearsal.cluster.find(apiVersion, kind, name, namespace);
  if (object === undefined) throw new Error(`There is no ${kind} "${name}"`);
  return object;
}

function named(apiVersion: string, kind: string, name: string): Sent {
  return { apiVersion, kind, metadata: { name, namespace } };
}

function ids(objects: readonly LiveObject[]): string[] {
  return objects.map(({ metadata }) => metadata.uid);
}

function madeAt({ metadata }: LiveObject): number {
  return new Date(metadata.creationTimestamp ?? "").getTime();
}

/** When a condition became true. */
function since({ kind, metadata, status }: LiveObject, type: string): number {
  const conditions = status?.conditions as Condition[] | undefined;
  const condition = conditions?.find((one) => one.type === type && one.status === "True");
  if (condition === undefined) throw new Error(`${kind} "${metadata.name}" is not ${type}`);
  return new Date(condition.lastTransitionTime).getTime();
}

async function applicationState() {
  const live = await rehearsal.cluster.find(
    "argoproj.io/v1alpha1",
    "Application",
    application,
    "argocd",
  );
  const { sync, health, conditions = [] } = live?.status ?? {};
  return {
    sync: sync?.status as string,
    health: health?.status as string,
    warnings: (conditions as { message: string }[]).map(({ message }) => message),
  };
}
