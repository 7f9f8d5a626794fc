import { expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { mapping, valueAt } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";

const targets = readFleet(repository).targets.filter(({ app }) => app === "understudy");
const renderings = await renderTargets(repository, targets);

it.each([
  ["dev", 2],
  ["staging", 5],
  ["prod", 10],
])("the quota of %s has room for git's own objects and %i models", (environment, models) => {
  const manifests = renderings
    .filter(({ target }) => target.environment === environment)
    .flatMap(({ resources }) => resources.map(({ manifest }) => manifest));
  const count = (kind: string) => manifests.filter((manifest) => manifest.kind === kind).length;
  const quota = manifests.find(({ metadata }) => metadata.name === "understudy-objects");
  const hard = mapping(valueAt(quota, ["spec", "hard"]));

  expect(Number(hard["count/deployments.apps"])).toBe(count("Deployment") + models);
  expect(Number(hard["count/horizontalpodautoscalers.autoscaling"])).toBe(models);
  // The model that is one too many is refused at its Deployment, so these only have to suffice.
  expect(Number(hard["count/services"])).toBeGreaterThanOrEqual(count("Service") + models);
  expect(Number(hard["count/jobs.batch"])).toBeGreaterThan(count("Job"));
});
