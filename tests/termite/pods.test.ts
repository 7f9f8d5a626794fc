import { describe, expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { LiveObject } from "../../scripts/rehearsal/cluster.ts";
import { statefulSetOf } from "../../scripts/rehearsal/termite-operator.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { valueAt } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";
import { readPods } from "./pods.ts";

describe.each(["dev", "staging", "prod"])("the pools of %s", (environment) => {
  it("have the pods that are written down by hand", async () => {
    const targets = readFleet(repository).targets.filter(
      ({ directory }) => directory === `overlays/${environment}/termite`,
    );
    const pools = (await renderTargets(repository, targets))
      .flatMap(({ resources }) => resources.map(({ manifest }) => manifest))
      .filter(({ kind }) => kind === "TermitePool");
    const made = pools.map((pool) => {
      const image = { ...(pool.spec as object), image: "termite" };
      const set = statefulSetOf({ ...pool, spec: image } as unknown as LiveObject);
      return {
        labels: valueAt(set, ["spec", "template", "metadata", "labels"]),
        spec: valueAt(set, ["spec", "template", "spec"]),
      };
    });
    const written = readPods(environment).map(({ metadata: { labels }, spec }) => ({
      labels,
      spec,
    }));
    expect(made).toEqual(written);
  });
});
