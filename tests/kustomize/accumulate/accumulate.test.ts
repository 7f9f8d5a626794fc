import { describe, expect, test } from "vitest";
import { createBuilder } from "../../../scripts/kustomize/build.ts";
import { memoryTree } from "../../../scripts/tree/memory.ts";
import { buildFiles } from "../engine.ts";

const object = (name: string, rest = "") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${rest}`;

/** The names of what a build prints, in its order. */
function names(files: Readonly<Record<string, string>>, directory = "over"): readonly string[] {
  const outcome = buildFiles(files, directory, { reorder: "none" });
  if ("error" in outcome) throw new Error(outcome.error);
  return [...outcome.output.matchAll(/^ {2}name: (.*)$/gm)].map(([, name = ""]) => name);
}

function refusal(files: Readonly<Record<string, string>>): string {
  const outcome = buildFiles(files, "over");
  return "error" in outcome ? outcome.error : "nothing is refused";
}

describe("accumulation", () => {
  test("gathers resources, then generators, then components, and transforms all of them", () => {
    expect(
      names({
        "over/kustomization.yaml":
          "resources: [b.yaml, a.yaml, ../base]\ncomponents: [../part]\nnamePrefix: o-\ngeneratorOptions: {disableNameSuffixHash: true}\nconfigMapGenerator: [{name: g}]\n",
        "over/a.yaml": object("a"),
        "over/b.yaml": object("b"),
        "base/kustomization.yaml": "resources: [d.yaml]\nnamePrefix: b-\n",
        "base/d.yaml": object("d"),
        "part/kustomization.yaml": "kind: Component\nresources: [p.yaml]\nnameSuffix: -p\n",
        "part/p.yaml": object("p"),
      }),
    ).toEqual(["o-b-p", "o-a-p", "o-b-d-p", "o-g-p", "o-p-p"]);
  });

  test("hands the configurations of a base and of a component to what includes them", () => {
    const configuration = { "c.yaml": "namePrefix: [{path: data/ref}]\n" };
    for (const [field, kind] of [
      ["resources", "Kustomization"],
      ["components", "Component"],
    ]) {
      const outcome = buildFiles(
        {
          "over/kustomization.yaml": `${field}: [../base]\nnamePrefix: o-\n`,
          "base/kustomization.yaml": `kind: ${kind}\nresources: [a.yaml]\nconfigurations: [c.yaml]\n`,
          "base/a.yaml": object("a", "data: {ref: x}\n"),
          "base/c.yaml": configuration["c.yaml"],
        },
        "over",
      );
      expect(outcome).toHaveProperty("output", expect.stringContaining("ref: o-x"));
    }
  });

  test("accumulates a base once for all that build on it, and never changes it", () => {
    const builder = createBuilder(
      memoryTree({
        "a/kustomization.yaml": "resources: [../base]\nnamePrefix: a-\n",
        "b/kustomization.yaml": "resources: [../base]\n",
        "base/kustomization.yaml": "resources: [x.yaml]\ncommonAnnotations: {k: v}\n",
        "base/x.yaml": object("x"),
      }),
    );
    const first = builder.build("b").resources[0]?.object.entries.get("metadata");
    builder.build("a");
    expect(builder.build("b").resources[0]?.object.entries.get("metadata")).toBe(first);
  });

  test("sees a circle through a base that is known already", () => {
    const builder = createBuilder(
      memoryTree({
        "over/kustomization.yaml": "resources: [../base]\n",
        "base/kustomization.yaml": "resources: [../under]\n",
        "under/kustomization.yaml": "resources: [x.yaml]\n",
        "under/x.yaml": object("x"),
        "circle/kustomization.yaml": "resources: [../over/inner]\n",
        "over/inner/kustomization.yaml": "resources: [../../base]\n",
        "under/deep/kustomization.yaml": "resources: [../../base]\n",
      }),
    );
    builder.build("over");
    builder.build("circle");
    expect(() => builder.build("under/deep")).toThrow('"../under" of "base" is above "under/deep"');
  });

  test("refuses two objects that a component has given one name", () => {
    expect(
      refusal({
        "over/kustomization.yaml": "resources: [a.yaml]\ncomponents: [../part]\n",
        "over/a.yaml": `${object("a")}---\n${object("b")}`,
        "part/kustomization.yaml":
          "kind: Component\nreplacements: [{source: {kind: ConfigMap, name: a}, targets: [{select: {name: b}, fieldPaths: [metadata.name]}]}]\n",
      }),
    ).toContain('Cannot add ConfigMap "a"');
  });

  test("leaves out objects for tools alone", () => {
    const local = (name: string, value: string) =>
      `kind: ConfigMap\nmetadata: {name: ${name}, annotations: {config.kubernetes.io/local-config: ${value}}}\n`;
    expect(
      names({
        "over/kustomization.yaml": "resources: [a.yaml]\n",
        "over/a.yaml": [local("a", "'true'"), local("b", "'false'"), local("c", "''")].join(
          "---\n",
        ),
      }),
    ).toEqual(["b"]);
  });
});

describe("openapi", () => {
  const schema = {
    definitions: {
      "x.Bee": {
        properties: { spec: { $ref: "#/definitions/x.Spec" } },
        "x-kubernetes-group-version-kind": [{ group: "x", version: "v1", kind: "Bee" }],
      },
      "x.Spec": {
        properties: {
          list: {
            type: "array",
            items: { type: "object" },
            "x-kubernetes-patch-strategy": "merge",
            "x-kubernetes-patch-merge-key": "name",
          },
        },
      },
    },
  };
  const bee = (list: string) =>
    `{apiVersion: x/v1, kind: Bee, metadata: {name: b}, spec: {list: ${list}}}`;
  const files = {
    "base/bee.yaml": bee("[{name: a}]"),
    "base/schema.json": JSON.stringify(schema),
    "base/kustomization.yaml": "resources: [bee.yaml]\n",
    "over/kustomization.yaml": `resources: [../base]\npatches: [{patch: "${bee("[{name: b}]")}"}]\n`,
  };

  test("of a base counts for the overlay's patches", () => {
    const counts = (all: Readonly<Record<string, string>>) => {
      const outcome = buildFiles(all, "over");
      return "output" in outcome ? outcome.output.match(/- name/g)?.length : outcome.error;
    };
    expect(counts(files)).toBe(1);
    expect(
      counts({
        ...files,
        "base/kustomization.yaml": "resources: [bee.yaml]\nopenapi: {path: schema.json}\n",
      }),
    ).toBe(2);
  });

  test("is refused with a version that is not built in, or with both", () => {
    const openapi = (text: string) =>
      refusal({ ...files, "over/kustomization.yaml": `openapi: ${text}\n`, "over/s.json": "{}" });
    expect(openapi("{version: v1.14.1}")).toContain(
      'No schema of Kubernetes "v1.14.1" is built in',
    );
    expect(openapi("{version: v1.21.2, path: s.json}")).toContain('both "path" and "version"');
    expect(openapi("{path: t.json}")).toContain('Cannot read "t.json" of "over"');
  });
});
