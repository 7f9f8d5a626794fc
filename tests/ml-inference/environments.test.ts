import { expect, it } from "vitest";
import { containersOf, podTemplateOf } from "../../policies/workload.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Path, Resource } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { mapping, valueAt } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";

const targets = readFleet(repository).targets.filter(
  ({ app, directory }) => app === "ml-inference" && directory.startsWith("overlays/"),
);
const renderings = await renderTargets(repository, targets);

/** The system's sizes, as its users and its bill know them; null where an autoscaler decides. */
const sizes = {
  dev: {
    replicas: { gateway: 1, api: 1, collector: 1, model: 1, worker: null },
    workers: [0, 2],
    models: null,
    gateway: "50m 64Mi to 250m 128Mi",
    worker: "50m 64Mi to 250m 128Mi",
    model: "500m 1Gi to 1 2Gi",
    instances: { rabbitmq: 1, postgresql: 1, redis: 1 },
    volumes: { rabbitmq: "5Gi", postgresql: "1Gi", redis: "1Gi", model: "2Gi" },
    modelName: "distilgpt2",
    anonymous: "default-user",
  },
  staging: {
    replicas: { gateway: 2, api: 2, collector: 2, model: null, worker: null },
    workers: [1, 10],
    models: [1, 3],
    gateway: "100m 128Mi to 500m 512Mi",
    worker: "100m 128Mi to 500m 256Mi",
    model: "500m 2Gi to 2 8Gi",
    instances: { rabbitmq: 1, postgresql: 2, redis: 1 },
    volumes: { rabbitmq: "10Gi", postgresql: "5Gi", redis: "1Gi", model: "10Gi" },
    modelName: "gpt2",
    anonymous: "default-user",
  },
  prod: {
    replicas: { gateway: 3, api: 3, collector: 2, model: null, worker: null },
    workers: [1, 20],
    models: [1, 5],
    gateway: "200m 256Mi to 1 1Gi",
    worker: "200m 256Mi to 1 512Mi",
    model: "1 4Gi to 4 8Gi",
    instances: { rabbitmq: 3, postgresql: 3, redis: 1 },
    volumes: { rabbitmq: "20Gi", postgresql: "20Gi", redis: "5Gi", model: "10Gi" },
    modelName: "gpt2",
    anonymous: "",
  },
};

it.each(Object.entries(sizes))("has the sizes of %s", (environment, expected) => {
  const resources =
    renderings.find(({ target }) => target.environment === environment)?.resources ?? [];
  const at = (kind: string, name: string, ...path: Path) =>
    valueAt(find(resources, kind, name)?.manifest, path) ?? null;
  const replicas = (name: string) => at("Deployment", name, "spec", "replicas");
  const range = (kind: string, name: string, least: string, most: string) => {
    const object = find(resources, kind, name)?.manifest.spec;
    return object === undefined ? null : [valueAt(object, [least]), valueAt(object, [most])];
  };
  const settings = resources.find(({ manifest }) =>
    manifest.metadata.name.startsWith("ml-inference-config"),
  );
  const storage = ["spec", "resources", "requests", "storage"];
  expect({
    replicas: {
      gateway: replicas("api-gateway"),
      api: replicas("api-service"),
      collector: replicas("results-collector"),
      model: replicas("ml-inference"),
      worker: replicas("ml-worker"),
    },
    workers: range("ScaledObject", "ml-worker", "minReplicaCount", "maxReplicaCount"),
    models: range("HorizontalPodAutoscaler", "ml-inference", "minReplicas", "maxReplicas"),
    gateway: resourcesOf(resources, "api-gateway"),
    worker: resourcesOf(resources, "ml-worker"),
    model: resourcesOf(resources, "ml-inference"),
    instances: {
      rabbitmq: at("RabbitmqCluster", "rabbitmq", "spec", "replicas"),
      postgresql: at("Cluster", "postgresql", "spec", "instances"),
      redis: at("StatefulSet", "redis", "spec", "replicas"),
    },
    volumes: {
      rabbitmq: at("RabbitmqCluster", "rabbitmq", "spec", "persistence", "storage"),
      postgresql: at("Cluster", "postgresql", "spec", "storage", "size"),
      redis: at("StatefulSet", "redis", "spec", "volumeClaimTemplates", 0, ...storage),
      model: modelVolume(resources, storage),
    },
    modelName: valueAt(settings?.manifest, ["data", "default-model"]),
    anonymous: valueAt(settings?.manifest, ["data", "anonymous-user"]),
  }).toEqual(expected);
});

it("says of every container how much disk it may fill", () => {
  const silent = renderings.flatMap(({ resources }) =>
    resources
      .flatMap(containersOf)
      .filter(({ container }) => container.resources?.limits?.["ephemeral-storage"] === undefined),
  );
  expect(silent.map(({ title }) => title)).toEqual([]);
});

it.each([
  ["RabbitmqCluster", "rabbitmq"],
  ["Cluster", "postgresql"],
])("says it of the pods that an operator makes of a %s, too", (kind, name) => {
  for (const { resources } of renderings) {
    const { requests, limits } = mapping(
      valueAt(find(resources, kind, name)?.manifest, ["spec", "resources"]),
    );
    for (const amounts of [requests, limits].map(mapping)) {
      expect(Object.keys(amounts).sort()).toEqual(["cpu", "ephemeral-storage", "memory"]);
    }
  }
});

function find(resources: readonly Resource[], kind: string, name: string): Resource | undefined {
  return resources.find(
    ({ manifest }) => manifest.kind === kind && manifest.metadata.name === name,
  );
}

function resourcesOf(resources: readonly Resource[], name: string): string {
  const deployment = find(resources, "Deployment", name);
  const [{ container } = {}] = deployment === undefined ? [] : containersOf(deployment);
  const { requests, limits } = container?.resources ?? {};
  return `${requests?.cpu} ${requests?.memory} to ${limits?.cpu} ${limits?.memory}`;
}

function modelVolume(resources: readonly Resource[], storage: Path): unknown {
  const deployment = find(resources, "Deployment", "ml-inference");
  const volumes = deployment && podTemplateOf(deployment)?.spec.volumes;
  const [claim] = volumes?.flatMap(({ ephemeral }) => ephemeral?.volumeClaimTemplate ?? []) ?? [];
  return valueAt(claim, storage);
}
