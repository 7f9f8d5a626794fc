import { readFileSync } from "node:fs";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import type { LiveObject } from "../../scripts/rehearsal/cluster.ts";
import { statefulSetOf } from "../../scripts/rehearsal/termite-operator.ts";
import { parseYaml } from "../../scripts/yaml/document.ts";
import { valueAt } from "../../scripts/yaml/value.ts";

type Bounds = readonly [minimum: number, maximum: number];

/** How many servers each pool has when nobody asks anything, and at most; written by hand. */
export const sizes: Readonly<Record<string, Readonly<Record<string, Bounds>>>> = {
  dev: { "read-heavy-embedders": [1, 2] },
  staging: { "burst-pool": [0, 2], "read-heavy-embedders": [1, 2] },
  prod: { "burst-pool": [0, 20], "read-heavy-embedders": [2, 8], "write-heavy-indexers": [1, 15] },
};

/** The first pod of each pool in an environment, as Termite's operator would make it; written by hand. */
export function readPods(environment: string): readonly Manifest[] {
  const file = `tests/termite/pods/${environment}.yaml`;
  return parseYaml(readFileSync(file, "utf8"), file).map(({ value }) => value as Manifest);
}

/** The labels and the specification of the pods that a rehearsal makes of a TermitePool. */
export function playedPod(pool: Manifest): { readonly labels: unknown; readonly spec: unknown } {
  const set = statefulSetOf(pool as unknown as LiveObject);
  return {
    labels: valueAt(set, ["spec", "template", "metadata", "labels"]),
    spec: valueAt(set, ["spec", "template", "spec"]),
  };
}
