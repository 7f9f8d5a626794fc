import { describe, expect, test } from "vitest";
import { createBuilder } from "../../../scripts/kustomize/build.ts";
import { BuildError } from "../../../scripts/kustomize/build-error.ts";
import { memoryTree } from "../../../scripts/tree/memory.ts";
import { buildFiles } from "../engine.ts";

const web = "kind: ConfigMap\napiVersion: v1\nmetadata: {name: web}\n";

function refusal(files: Readonly<Record<string, string>>, directory = "over"): string {
  const outcome = buildFiles(files, directory);
  return "error" in outcome ? outcome.error : "nothing is refused";
}

describe("what a kustomization names", () => {
  test.each([
    ["resources: [a.yaml]", 'Cannot find "a.yaml" of "over": there is no such file or directory'],
    ["resources: [../web.yaml]", 'Cannot read "../web.yaml": it is not in or below "over"'],
    ["resources: [../../web.yaml]", "it is outside of the repository"],
    ["resources: [..]", '".." of "over" is above "over"'],
    ["resources: [.]", '"." of "over" leads back to "over"'],
    ["resources: [../circle]", '"../over" of "circle" leads back to "over"'],
    ["resources: ['']", 'Empty path in "over"'],
    [
      "resources: ['https://example.com/a.yaml']",
      "remote files and repositories are not supported",
    ],
    ["resources: ['github.com/a/b?ref=v1']", "remote files and repositories are not supported"],
    ["resources: [../none]", 'Cannot build "none": it holds no "kustomization.yaml"'],
    ["resources: [../two]", 'both "two/kustomization.yaml" and "two/Kustomization"'],
    ["resources: [../part]", '"../part" is a component, and "resources" takes kustomizations'],
    ["components: [../base]", '"../base" is a kustomization, and "components" takes'],
    ["components: [web.yaml]", '"web.yaml" is a file, and a directory'],
    ["patches: [{path: sub}]", 'Cannot read "sub" of "over": it is a directory'],
  ])("is refused: %s", (text, message) => {
    const files = {
      "over/kustomization.yaml": `${text}\n`,
      "over/web.yaml": web,
      "over/sub/web.yaml": web,
      "web.yaml": web,
      "circle/kustomization.yaml": "resources: [../over]\n",
      "none/web.yaml": web,
      "two/kustomization.yaml": "resources: []\n",
      "two/Kustomization": "resources: []\n",
      "part/kustomization.yaml": "kind: Component\nnamePrefix: a-\n",
      "base/kustomization.yaml": "resources: []\n",
    };
    expect(refusal(files)).toContain(message);
  });

  test("may lie anywhere without the load restrictor", () => {
    const files = { "over/kustomization.yaml": "resources: [../web.yaml]\n", "web.yaml": web };
    expect(buildFiles(files, "over", { loadRestrictor: "LoadRestrictionsNone" })).toHaveProperty(
      "output",
    );
  });

  test("is told with its place", () => {
    const builder = createBuilder(
      memoryTree({ "over/kustomization.yaml": "resources:\n  - a.yaml\n" }),
    );
    try {
      builder.build("over");
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      expect(error.place).toEqual({ file: "over/kustomization.yaml", line: 2, column: 5 });
    }
  });
});

test("a directory that is not there, or is a file, is refused", () => {
  expect(refusal({}, "nope")).toBe(
    'Cannot build "nope": there is no such directory, or it is empty',
  );
  expect(refusal({ "web.yaml": web }, "web.yaml")).toContain("it is a file");
  expect(refusal({}, "../up")).toContain("outside of the repository");
});

test("a build tells every path that it looked for", () => {
  const files = {
    "over/kustomization.yaml":
      "resources: [../base]\nconfigMapGenerator: [{name: c, files: [a.txt]}]\n",
    "over/a.txt": "a",
    "base/Kustomization": "resources: [web.yaml]\n",
    "base/web.yaml": web,
    "other/web.yaml": web,
  };
  const builder = createBuilder(memoryTree(files));
  const expected = [
    "base",
    "base/Kustomization",
    "base/kustomization.yaml",
    "base/kustomization.yml",
    "base/web.yaml",
    "over/Kustomization",
    "over/a.txt",
    "over/kustomization.yaml",
    "over/kustomization.yml",
  ];
  expect([...builder.build("over").reads].sort()).toEqual(expected);
  // The base is there already.
  expect([...builder.build("over").reads].sort()).toEqual(expected);
});
