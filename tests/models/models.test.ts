import { expect, it } from "vitest";
import { modelFindings, modelsCheck } from "../../scripts/checks/models/index.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { resourcesIn } from "../policies/resources.ts";

const lists = [
  {
    file: "base/termite/models.yaml",
    models: [{ name: "BAAI/bge-small-en-v1.5", type: "embedder", variants: ["f32", "i8"] }],
  },
];

function findings(model: string): string[] {
  const [pool] = resourcesIn(`
  apiVersion: antfly.io/v1alpha1
  kind: TermitePool
  metadata: {name: queries}
  spec:
    models:
      preload:
        - ${model}`);
  return pool === undefined
    ? []
    : modelFindings(pool, lists).map(
        ({ place, message, help }) => `${place.line} ${message} | ${help}`,
      );
}

it.each([
  ["f32, which is meant where none is named", "{name: BAAI/bge-small-en-v1.5}"],
  ["a variant of the list", "{name: BAAI/bge-small-en-v1.5, variant: i8}"],
  ["a model of Hugging Face", "{name: 'hf:BAAI/bge-large-en', variant: i4}"],
])("takes %s", (_, model) => {
  expect(findings(model)).toEqual([]);
});

const help =
  'Name a model of "base/termite/models.yaml", or add it there when the registry has it: the init container of a pool fails at a name that is unknown';

it.each([
  [
    "a name without its owner",
    "{name: bge-small-en-v1.5}",
    `8 No registry has the model "bge-small-en-v1.5": did you mean "BAAI/bge-small-en-v1.5"? | ${help}`,
  ],
  [
    "a misspelt name",
    "{name: BAAI/bge-smal-en-v1.5}",
    `8 No registry has the model "BAAI/bge-smal-en-v1.5": did you mean "BAAI/bge-small-en-v1.5"? | ${help}`,
  ],
  [
    "a variant that is not there",
    "{name: BAAI/bge-small-en-v1.5, variant: quantized}",
    '8 The model "BAAI/bge-small-en-v1.5" has no variant "quantized", by "base/termite/models.yaml" | Take one of f32, i8: of any other the server gets no file, and only its log says so',
  ],
])("refuses %s", (_, model, expected) => {
  expect(findings(model)).toEqual([expected]);
});

it("says what is wrong with a list", async () => {
  const tree = memoryTree({
    "base/termite/models.yaml":
      "registry: https://example.org\nsource: x\nmodels:\n  - {name: a/b, type: embedder}\n",
  });
  const fleet = { environments: [], apps: [], targets: [] };
  expect(await modelsCheck.run({ tree, fleet, renderings: [] })).toMatchObject({
    findings: [
      {
        rule: "models-list",
        message: '"models[0].variants" is not as it should be: must list the variants',
        place: { file: "base/termite/models.yaml", line: 4 },
      },
    ],
  });
});
