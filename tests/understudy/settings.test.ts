import { describe, expect, it } from "vitest";
import { valueAt } from "../../policies/values.ts";
import { containersIn, podTemplateOf } from "../../policies/workload.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Resource } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { repository } from "../support/mutate.ts";

/**
 * What each program of ours has to be given, or it dies, or does quietly what nobody wants. What it may be given beside is
 * base/understudy/variables.yaml's.
 */
const needed: Readonly<Record<string, readonly string[]>> = {
  backend: [
    // The first two are another database and a queue in memory where they are not set
    ...["DATABASE_URL", "REDIS_HOST", "REDIS_URL"],
    ...["K8S_IN_CLUSTER", "NAMESPACE", "LOG_FILE", "RUNPOD_TRAINING_ENABLED"],
    ...["DEFAULT_EVALUATION_SAMPLE_SIZE", "DEFAULT_SIMILARITY_THRESHOLD"],
  ],
  "evaluation-service": ["BACKEND_URL", "REDIS_URL"],
  frontend: [],
  "model-broker": ["MODEL_STORAGE_PATH"],
  schema: ["DATABASE_URL"],
  "training-service": [
    ...["BACKEND_URL", "DATABASE_URL", "HF_TOKEN", "MODEL_BROKER_URL", "REDIS_URL"],
    ...["RUNPOD_API_KEY", "RUNPOD_SSH_PRIVATE_KEY_PATH", "RUNPOD_SSH_PUBLIC_KEY"],
  ],
};

/** Scores, samples, the level of the log and the pods of each environment. */
const numbers = {
  dev: { score: "0.70", samples: "3", log: "DEBUG", pods: [1, 1, 1] },
  staging: { score: "0.70", samples: "3", log: "INFO", pods: [1, 2, 2] },
  prod: { score: "0.85", samples: "100", log: "INFO", pods: [2, 2, 2] },
};

const rendered = await renderTargets(
  repository,
  readFleet(repository).targets.filter(({ app }) => app === "understudy"),
);

describe.each(Object.keys(numbers) as (keyof typeof numbers)[])("Understudy in %s", (name) => {
  const resources = rendered.find(({ target }) => target.environment === name)?.resources ?? [];
  const field = (kind: string, start: string, ...path: string[]) =>
    valueAt(
      resources.find(
        ({ manifest }) => manifest.kind === kind && manifest.metadata.name.startsWith(start),
      )?.manifest,
      path,
    );
  const { score, samples, log, pods } = numbers[name];

  it("gives each program what it has to be given", () => {
    const given = new Map(containers(resources).map(({ program, names }) => [program, names]));
    for (const [program, names] of Object.entries(needed)) {
      expect(given.get(program), program).toEqual(expect.arrayContaining([...names]));
    }
  });

  it("keeps the token for Hugging Face from the backend, which would write it into every SLM", () => {
    const backend = containers(resources).find(({ program }) => program === "backend");
    expect(backend?.names).not.toContain("HF_TOKEN");
  });

  it("has the numbers of the environment", () => {
    expect(field("ConfigMap", "understudy-config-", "data")).toMatchObject({
      "similarity-threshold": score,
      "evaluation-sample-size": samples,
      "log-level": log,
    });
    const replicas = ["backend", "evaluation-service", "frontend"].map((program) =>
      field("Deployment", program, "spec", "replicas"),
    );
    expect(replicas).toEqual(pods);
  });

  it("mounts the API server's token in the backend alone", () => {
    const mounting = resources.filter((resource) => {
      const pod = podTemplateOf(resource);
      return pod && pod.spec.automountServiceAccountToken !== false;
    });
    expect(mounting.map(({ manifest }) => manifest.metadata.name)).toEqual(["backend"]);
  });

  it("has every image of ours from the environment's registry, the SLMs' too", () => {
    const own = containers(resources).flatMap(({ program, image }) =>
      Object.hasOwn(needed, program) ? [image] : [],
    );
    for (const one of [...own, field("ConfigMap", "slm-inference", "data", "image")]) {
      expect(one).toMatch(
        new RegExp(
          `^europe-west4-docker\\.pkg\\.dev/example-${name}/slipway/understudy-[a-z-]+:0\\.0\\.0-f916410$`,
        ),
      );
    }
  });
});

function containers(resources: readonly Resource[]) {
  return resources.flatMap((resource) => {
    const pod = podTemplateOf(resource);
    if (!pod) return [];
    return containersIn(pod).map(({ container }) => ({
      program: container.name,
      image: container.image,
      names: (container.env ?? []).map((one) => one.name),
    }));
  });
}
