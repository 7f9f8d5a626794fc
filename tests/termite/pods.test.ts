import { describe, expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { mapping } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";
import { playedPod, readPods, sizes } from "./pods.ts";

describe.each(["dev", "staging", "prod"])("the pools of %s", async (environment) => {
  const targets = readFleet(repository).targets.filter(
    ({ directory }) => directory === `overlays/${environment}/termite`,
  );
  const pools = (await renderTargets(repository, targets))
    .flatMap(({ resources }) => resources.map(({ manifest }) => manifest))
    .filter(({ kind }) => kind === "TermitePool");

  it("have the pods that are written down by hand", () => {
    const made = pools.map((pool) =>
      playedPod({ ...pool, spec: { ...mapping(pool.spec), image: "termite" } }),
    );
    const written = readPods(environment).map(({ metadata: { labels }, spec }) => ({
      labels,
      spec,
    }));
    expect(made).toEqual(written);
  });

  it("have the bounds that are written down by hand", () => {
    const bounds = pools.map(({ metadata, spec }) => {
      const { min, max } = mapping(mapping(spec).replicas);
      return [metadata.name, [min, max]];
    });
    expect(Object.fromEntries(bounds)).toEqual(sizes[environment]);
  });
});
