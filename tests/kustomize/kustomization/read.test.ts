import { describe, expect, test } from "vitest";
import { BuildError } from "../../../scripts/kustomize/build-error.ts";
import { textsOf } from "../../../scripts/kustomize/kustomization/fields.ts";
import {
  type Kustomization,
  readKustomization,
} from "../../../scripts/kustomize/kustomization/read.ts";
import { createFiles } from "../../../scripts/kustomize/loader.ts";
import { toValue } from "../../../scripts/kustomize/yaml/value.ts";
import { memoryTree } from "../../../scripts/tree/memory.ts";

function read(text: string | Uint8Array): Kustomization {
  const loaded = createFiles(memoryTree({ "web/kustomization.yaml": text }))(
    "web/kustomization.yaml",
  );
  if (loaded === undefined) throw new Error("The file is there");
  return readKustomization(loaded);
}

function refusal(text: string | Uint8Array): string {
  try {
    read(text);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    const { file, line, column } = error.place ?? {};
    return `${[file, line, column].filter((part) => part !== undefined).join(":")} ${error.message}`;
  }
  throw new Error("Nothing is refused");
}

describe("readKustomization()", () => {
  test("finds fields in any letter case, as Go does", () => {
    const { fields } = read("RESOURCES: [a.yaml]\nimages: [{NAME: nginx, newtag: '2'}]\n");
    expect(toValue(fields)).toEqual({
      resources: ["a.yaml"],
      images: [{ name: "nginx", newTag: "2" }],
    });
  });

  test("leaves out what is null", () => {
    const { fields } = read("resources: [a.yaml]\nimages:\nlabels: [{pairs: {a: }}]\n");
    expect(toValue(fields)).toEqual({ resources: ["a.yaml"], labels: [{ pairs: { a: "" } }] });
  });

  test("moves what deprecated fields say to those that took their place", () => {
    const { fields, warnings } = read(
      "bases: [base]\nresources: [a.yaml]\nimageTags: [{name: nginx}]\nconfigMapGenerator: [{name: c, envs: [a.env], env: b.env}]\n",
    );
    expect(toValue(fields)).toEqual({
      resources: ["a.yaml", "base"],
      images: [{ name: "nginx" }],
      configMapGenerator: [{ name: "c", envs: ["a.env", "b.env"] }],
    });
    expect(warnings).toEqual([
      '"bases" of "web/kustomization.yaml" is deprecated: use "resources"',
      '"imageTags" of "web/kustomization.yaml" is deprecated: use "images"',
    ]);
  });

  test("keeps the places of what is moved", () => {
    const [entry] = textsOf(read("bases:\n  - base\n").fields, "resources");
    const { source, offset = 0 } = entry?.origin.mark ?? {};
    expect(source?.placeAt(offset)).toEqual({ file: "web/kustomization.yaml", line: 2, column: 5 });
  });

  test("takes a list that is empty for something, and a text that is empty for nothing", () => {
    expect(read("resources: []\n").kind).toBe("Kustomization");
    expect(refusal('kind: Component\nnamePrefix: ""\n')).toContain("it is empty");
  });
});

test.each([
  [
    "",
    'web/kustomization.yaml Cannot build "web/kustomization.yaml": it is empty; name at least one of its "resources"',
  ],
  ["- a\n", "web/kustomization.yaml:1:1 "],
  ["resource: [a]\n", 'Unknown field "resource" of a kustomization'],
  [
    "images: [{name: a, tag: b}]\n",
    'Unknown field "tag" in "images[0]": the fields are name, newName',
  ],
  ["resources: a.yaml\n", '"resources" is a text (a.yaml), and a list is expected'],
  ["namespace: 12\n", '"namespace" is a number (12), and a text is expected; put it in quotes'],
  ["namespace: n\n", 'web/kustomization.yaml:1:12 "namespace" is a boolean (n)'],
  [
    "replicas: [{name: a, count: '3'}]\n",
    '"replicas[0].count" is a text (3), and a whole number is expected',
  ],
  [
    "kind: Deployment\n",
    'is "Deployment", and a kustomization is a "Kustomization" or a "Component"',
  ],
  [
    "kind: Component\napiVersion: v1\n",
    'that of a "Component" is "kustomize.config.k8s.io/v1alpha1"',
  ],
  ["helmCharts: [{name: a}]\n", '"helmCharts" is not supported: render the chart once'],
])("readKustomization() refuses %j", (text, message) => {
  expect(refusal(text)).toContain(message);
});

test("readKustomization() refuses bytes that are no text", () => {
  expect(refusal(Uint8Array.of(0x61, 0xff))).toContain("it is not UTF-8 text");
});
