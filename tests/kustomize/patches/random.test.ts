import fc from "fast-check";
import { expect, test } from "vitest";
import { buildFiles } from "../engine.ts";
import { type Files, useOracle } from "../oracle.ts";
import { randomRuns } from "../random-runs.ts";
import { anyMerge } from "./any-merge.ts";

const { numRuns, seed } = randomRuns(400);

const oracle = useOracle();

const fields = {
  "by name": "patches: [{path: patch.yaml}]",
  "by target": "patches: [{path: patch.yaml, target: {name: .*}}]",
  "with options": "patches: [{path: patch.yaml, options: {allowNameChange: true}}]",
  "in patchesStrategicMerge": "patchesStrategicMerge: [patch.yaml]",
  "after a JSON patch": `patches:
- {patch: "- {op: add, path: /metadata/annotations/a, value: b}", target: {name: .*}}
- {path: patch.yaml}`,
};

test(
  "strategic merge patches of odd lists and directives give the bytes of real kustomize",
  async () => {
    const field = fc.constantFrom(...Object.values(fields));
    const property = fc.asyncProperty(anyMerge, field, async ({ object, patch }, kustomization) => {
      const files: Files = {
        "object.yaml": object,
        "patch.yaml": patch,
        "kustomization.yaml": `resources: [object.yaml]\n${kustomization}\n`,
      };
      const expected = await oracle.build(files, ".");
      const actual = buildFiles(files, ".");
      if ("output" in expected) expect(actual).toEqual(expected);
      else expect(actual).toHaveProperty("error");
    });
    await fc.assert(property, { numRuns, seed });
  },
  60_000 + numRuns * 200,
);
