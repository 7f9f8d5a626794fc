import { describe, expect, test } from "vitest";
import { buildFiles } from "../engine.ts";

const base = (generator: string) => ({
  "base/kustomization.yaml": `namePrefix: p-\nconfigMapGenerator: [${generator}]\n`,
});

function build(overlay: string, files: Readonly<Record<string, string>>): string {
  const outcome = buildFiles({ "over/kustomization.yaml": overlay, ...files }, "over");
  return "output" in outcome ? outcome.output : outcome.error;
}

describe("a generator with a behavior", () => {
  test("merges data, labels and annotations into what an earlier name finds, and keeps its name", () => {
    expect(
      build(
        "resources: [../base]\nconfigMapGenerator: [{name: c, behavior: merge, literals: [x=2, y=3], options: {labels: {q: w}, disableNameSuffixHash: true}}]\n",
        base("{name: c, literals: [x=1, z=1], options: {labels: {a: b}}}"),
      ),
    ).toBe(`apiVersion: v1
data:
  x: "2"
  "y": "3"
  z: "1"
kind: ConfigMap
metadata:
  labels:
    a: b
    q: w
  name: p-c
`);
  });

  test("replaces data and keeps labels", () => {
    expect(
      build(
        "resources: [../base]\nconfigMapGenerator: [{name: c, behavior: replace, literals: [x=2], options: {disableNameSuffixHash: true}}]\n",
        base("{name: c, literals: [z=1], options: {labels: {a: b}}}"),
      ),
    ).toBe(
      'apiVersion: v1\ndata:\n  x: "2"\nkind: ConfigMap\nmetadata:\n  labels:\n    a: b\n  name: p-c\n',
    );
  });

  test("goes without a hash where one of the two says so", () => {
    const merge =
      "resources: [../base]\nconfigMapGenerator: [{name: c, behavior: merge, literals: [x=2]}]\n";
    expect(build(merge, base("{name: c, literals: [x=1]}"))).toMatch(/name: p-c-\w{10}\n/);
    expect(
      build(merge, base("{name: c, literals: [x=1], options: {disableNameSuffixHash: true}}")),
    ).toMatch(/name: p-c\n/);
  });

  test("is refused where nothing, or something, is there", () => {
    expect(build("configMapGenerator: [{name: c, behavior: merge}]\n", {})).toContain(
      'Cannot merge ConfigMap "c": nothing of that name is there',
    );
    expect(build("configMapGenerator: [{name: c}, {name: c}]\n", {})).toContain(
      'Cannot generate ConfigMap "c": "over/kustomization.yaml:1" has added an object of the same name',
    );
  });
});

test("two objects of one id are refused with both places", () => {
  const web = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: web}\n";
  expect(
    build("resources: [a.yaml, b.yaml]\n", { "over/a.yaml": web, "over/b.yaml": `# b\n${web}` }),
  ).toBe(
    'Cannot add ConfigMap "web": "over/a.yaml:1" has added an object of the same name; rename one, or keep it in one place',
  );
  expect(build("resources: [a.yaml, a.yaml]\n", { "over/a.yaml": web })).toContain(
    '"over/a.yaml:1" is added twice',
  );
});
