import { describe, expect, it } from "vitest";
import { valueAt } from "../../policies/values.ts";
import { containersOf } from "../../policies/workload.ts";
import { amount } from "../../scripts/checks/accelerators/quantity.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Manifest, Resource } from "../../scripts/fleet/resource.ts";
import { nodesOf } from "../../scripts/nodes/nodes.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { repository } from "../support/mutate.ts";

type Needs = Readonly<Record<string, number>>;

/**
 * By hand, in CPUs and Mi: the pods that git declares with one of `schema`, one more of backend, evaluation-service and
 * frontend in a rollout, two pods for each model (2 CPU, 6 and 10 Gi) and two evaluations (1 CPU, 6 and 10 Gi).
 */
const environments: Readonly<Record<string, { models: number; needs: Needs }>> = {
  dev: {
    models: 2,
    needs: {
      "requests.cpu": 1.34 + 0.6 + 8 + 2,
      "requests.memory": 3328 + 1408 + 24_576 + 12_288,
      "requests.ephemeral-storage": 6656 + 1344 + 40_960 + 20_480,
      "limits.cpu": 5.2 + 1.5 + 8 + 2,
      "limits.memory": 8320 + 3072 + 24_576 + 12_288,
    },
  },
  staging: {
    models: 5,
    needs: {
      "requests.cpu": 1.74 + 0.6 + 20 + 2,
      "requests.memory": 4992 + 2176 + 61_440 + 12_288,
      "requests.ephemeral-storage": 7744 + 1344 + 102_400 + 20_480,
      "limits.cpu": 6.7 + 1.5 + 20 + 2,
      "limits.memory": 18_048 + 6656 + 61_440 + 12_288,
    },
  },
  prod: {
    models: 10,
    needs: {
      "requests.cpu": 1.99 + 0.6 + 40 + 2,
      "requests.memory": 6016 + 2176 + 122_880 + 12_288,
      "requests.ephemeral-storage": 8000 + 1344 + 204_800 + 20_480,
      "limits.cpu": 13.2 + 4.5 + 40 + 2,
      "limits.memory": 24_192 + 8704 + 122_880 + 12_288,
    },
  },
};

const slm = { cpu: 2, memory: 6144, "ephemeral-storage": 10_240 };
const evaluation = { ...slm, cpu: 1 };

const rendered = await renderTargets(
  repository,
  readFleet(repository).targets.filter(({ app }) => ["understudy", "node-pools"].includes(app)),
);

describe.each(Object.entries(environments))("Understudy in %s", (name, { models, needs }) => {
  const of = (app: string) =>
    rendered.find(({ target }) => target.environment === name && target.app === app)?.resources ??
    [];
  const resources = of("understudy");
  const made = (kind: string) => resources.filter(({ manifest }) => manifest.kind === kind).length;

  it("may have as many objects as its models and their evaluations need", () => {
    expect(hard(resources, "understudy-objects")).toEqual({
      "count/deployments.apps": made("Deployment") + models,
      "count/horizontalpodautoscalers.autoscaling": models,
      "count/services": made("Service") + models + 1,
      "count/jobs.batch": made("Job") + 2 * models,
    });
  });

  it("requests and limits what its table says", () => {
    for (const [resource, need] of Object.entries(needs)) {
      expect(declared(resources, resource) + run(models, resource), resource).toBeCloseTo(need);
    }
  });

  it("may compute what that takes, to the next whole CPU and Gi, and no more", () => {
    const whole = (need: number, unit: number) => Math.ceil(need / unit - 1e-9) * unit;
    expect(hard(resources, "understudy-compute")).toEqual({
      "requests.cpu": whole(needs["requests.cpu"] ?? 0, 1),
      "requests.memory": whole(needs["requests.memory"] ?? 0, 1024),
      "limits.cpu": whole(needs["limits.cpu"] ?? 0, 1),
      "limits.memory": whole(needs["limits.memory"] ?? 0, 1024),
      persistentvolumeclaims: 3,
      "services.loadbalancers": 0,
      "services.nodeports": 0,
    });
  });

  it("fits the general node pool at its largest, pod by pod and altogether", () => {
    const nodes = nodesOf(
      of("node-pools").map(({ manifest }) => manifest),
      "maximum",
    ).filter(({ metadata }) => metadata.name.startsWith("general-"));
    const pods = nodes.map((node) =>
      Math.min(
        ...Object.entries(slm).map(([name, need]) => Math.floor(allocatable(node, name) / need)),
      ),
    );
    expect(sum(pods)).toBeGreaterThanOrEqual(2 * models + 2);
    for (const resource of Object.keys(slm)) {
      const room = sum(nodes.map((node) => allocatable(node, resource)));
      expect(room, resource).toBeGreaterThanOrEqual(needs[`requests.${resource}`] ?? Number.NaN);
    }
  });
});

/** What pods that git declares ask for, and one more of what is rolled out beside its predecessor. */
function declared(resources: readonly Resource[], resource: string): number {
  const asked = resources.map((each) => {
    const replicas = valueAt(each.manifest, ["spec", "replicas"]) ?? 1;
    const surge = valueAt(each.manifest, ["spec", "strategy", "rollingUpdate", "maxSurge"]) ?? 0;
    return (Number(replicas) + Number(surge)) * ofOnePod(each, resource);
  });
  return sum(asked);
}

function ofOnePod(workload: Resource, resource: string): number {
  const path = ["resources", ...resource.split(".")];
  return sum(
    containersOf(workload).map(({ container }) => inUnit(valueAt(container, path), resource)),
  );
}

/** What pods of the models ask for: limits are as large as requests. */
function run(models: number, resource: string): number {
  const name = resource.replace(/^(requests|limits)\./, "") as keyof typeof slm;
  return 2 * models * slm[name] + 2 * evaluation[name];
}

function hard(resources: readonly Resource[], name: string): Needs {
  const quota = resources.find(({ manifest: { kind, metadata } }) => {
    return kind === "ResourceQuota" && metadata.name === name;
  });
  const entries = Object.entries(valueAt(quota?.manifest, ["spec", "hard"]) ?? {});
  return Object.fromEntries(
    entries.map(([resource, quantity]) => [resource, inUnit(quantity, resource)]),
  );
}

function allocatable(node: Manifest, resource: string): number {
  return inUnit(valueAt(node, ["status", "allocatable", resource]), resource);
}

/** CPUs and counts as they are, the rest in Mi. */
function inUnit(quantity: unknown, resource: string): number {
  return amount(quantity) / (/memory|storage/.test(resource) ? 2 ** 20 : 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
