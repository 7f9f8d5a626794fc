import { readFileSync } from "node:fs";
import { load, loadAll } from "js-yaml";
import { expect, it } from "vitest";
import { deployedObjects, evaluation, type Model, readAt } from "./objects.ts";

const model: Model = { endpoint: "0b6cf9a1-3c57-4d2e-9f10-7a8e5b1c2d3f", version: 3 };

it("slm-inference-template.yaml says what the backend sends for a deployed model", () => {
  expect(rendered("slm-inference-template.yaml")).toEqual(deployedObjects(model));
});

it("slm-batch-job-template.yaml says what the backend sends for an evaluation", () => {
  expect(rendered("slm-batch-job-template.yaml")).toEqual([evaluation(model, "batch-1")]);
});

it.each(["dev", "staging", "prod"])(
  "%s runs the backend and the SLMs of the commit at which the objects were read",
  (environment) => {
    const release = `overlays/${environment}/understudy/release`;
    const { images } = load(readFileSync(`${release}/kustomization.yaml`, "utf8")) as {
      readonly images: readonly { readonly name: string; readonly newTag: string }[];
    };
    const backend = images.find(({ name }) => name === "understudy-backend")?.newTag;
    const slm = readFileSync(`${release}/release.env`, "utf8").trim();
    expect(backend).toMatch(new RegExp(`-${readAt}$`));
    expect(slm).toMatch(new RegExp(`^image=.*-${readAt}$`));
  },
);

/** A template with its values filled in; a placeholder without a value stops the test. */
function rendered(file: string): unknown[] {
  const values: Readonly<Record<string, string>> = {
    ARCH: "amd64",
    ENDPOINT_ID: model.endpoint,
    EVAL_BATCH_ID: "batch-1",
    MODEL_PATH: "/models",
    TIMESTAMP: "20261121093000",
    TRAIN_ID: `${model.endpoint}_20261120_181500`,
    TRAIN_ID_SHORT: "0b6cf9a1",
    VERSION: "3",
  };
  const text = readFileSync(`base/understudy/templates/${file}`, "utf8");
  const filled = text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`"${file}" has no value for ${name}`);
    return value;
  });
  return loadAll(filled);
}
