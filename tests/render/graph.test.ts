import { describe, expect, it } from "vitest";
import { readGraph, unique } from "../../scripts/render/graph.ts";
import { readSources } from "../../scripts/render/sources.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import type { Files } from "./tree.ts";

const overlay = "overlays/dev/router";

describe("readGraph()", () => {
  it("finds every file that a kustomization can name", () => {
    const files: Files = {
      [`${overlay}/kustomization.yaml`]: `
resources: [service.yaml, ../../../base/router]
components: [release]
patches:
  - path: patch-a.yaml
  - patch: "- {op: remove, path: /spec}"
patchesStrategicMerge: [patch-b.yaml, "{kind: Service}"]
patchesJson6902: [{path: patch-c.yaml}]
replacements: [{path: registry.yaml}]
configurations: [images.yaml]
crds: [crd.json]
openapi: {path: schema.json}
transformers: [transform.yaml, plugins]
configMapGenerator:
  - {name: a, files: [a.json, key=b.json], envs: [a.env], env: b.env, literals: [x=y]}
secretGenerator:
  - {name: b, files: [c.json]}
`,
      [`${overlay}/release/kustomization.yaml`]: "kind: Component\n",
      [`${overlay}/plugins/kustomization.yaml`]: "resources: [plugin.yaml]\n",
      [`${overlay}/plugins/plugin.yaml`]: "kind: X\n",
      "base/router/kustomization.yaml": "resources: [deployment.yaml]\n",
      "base/router/deployment.yaml": "kind: Deployment\n",
      ...Object.fromEntries(
        "service.yaml patch-a.yaml patch-b.yaml patch-c.yaml registry.yaml images.yaml crd.json schema.json transform.yaml a.json b.json a.env b.env c.json"
          .split(" ")
          .map((name) => [`${overlay}/${name}`, "a: b\n"]),
      ),
    };
    const graph = readGraph(readSources(memoryTree(files)), overlay);
    expect(graph.problems).toEqual([]);
    expect([...graph.files].sort()).toEqual(Object.keys(files).sort());
    expect(graph.kustomizations.map(({ directory }) => directory)).toEqual([
      overlay,
      "base/router",
      `${overlay}/release`,
      `${overlay}/plugins`,
    ]);
  });

  it.each<[string, Files, readonly string[]]>([
    [
      "a file that is not there",
      { [`${overlay}/kustomization.yaml`]: "resources:\n  - service.yaml\n" },
      [
        `render ${overlay}/kustomization.yaml:2 "${overlay}/kustomization.yaml" names "${overlay}/service.yaml" under "resources", and there is no file "${overlay}/service.yaml"`,
      ],
    ],
    [
      "a directory without a kustomization",
      {
        [`${overlay}/kustomization.yaml`]: "components:\n  - release\n",
        [`${overlay}/release/release.env`]: "a=b\n",
      },
      [
        `render ${overlay}/kustomization.yaml:2 "${overlay}/kustomization.yaml" names "${overlay}/release" under "components", and there is no "kustomization.yaml" in "${overlay}/release"`,
      ],
    ],
    [
      "two bases that take each other",
      {
        [`${overlay}/kustomization.yaml`]: "resources:\n  - ../../../base/a\n",
        "base/a/kustomization.yaml": "resources:\n  - ../b\n",
        "base/b/kustomization.yaml": "resources:\n  - ../a\n",
      },
      [
        'render base/b/kustomization.yaml:2 "base/b/kustomization.yaml" takes "base/a", which is made from it',
      ],
    ],
    [
      "another repository",
      { [`${overlay}/kustomization.yaml`]: "resources:\n  - github.com/a/b//c?ref=v1\n" },
      [
        `render ${overlay}/kustomization.yaml:2 "${overlay}/kustomization.yaml" takes "github.com/a/b//c?ref=v1" from another repository, so what it renders depends on the network`,
      ],
    ],
    [
      "a base that comes in twice",
      {
        [`${overlay}/kustomization.yaml`]: "resources:\n  - ../../../base/a\n  - ../../../base/b\n",
        "base/a/kustomization.yaml": "resources:\n  - ../b\n",
        "base/b/kustomization.yaml": "resources:\n  - service.yaml\n",
        "base/b/service.yaml": "kind: Service\n",
      },
      [
        `layout-double ${overlay}/kustomization.yaml:3 "base/b" is taken twice by one target: by "base/a/kustomization.yaml" line 2 and by "${overlay}/kustomization.yaml" line 3`,
      ],
    ],
    [
      "not a base that comes in under two prefixes",
      {
        [`${overlay}/kustomization.yaml`]: "resources:\n  - ../../../base/a\n  - ../../../base/b\n",
        "base/a/kustomization.yaml": "namePrefix: a-\nresources:\n  - ../c\n",
        "base/b/kustomization.yaml": "namePrefix: b-\nresources:\n  - ../c\n",
        "base/c/kustomization.yaml": "resources:\n  - service.yaml\n",
        "base/c/service.yaml": "kind: Service\n",
      },
      [],
    ],
    [
      "a kustomization that is no YAML",
      { [`${overlay}/kustomization.yaml`]: "resources: [\n" },
      [
        `layout-yaml ${overlay}/kustomization.yaml:2 Cannot parse "${overlay}/kustomization.yaml" as YAML: deficient indentation`,
      ],
    ],
    [
      "not a ConfigMap's file that is no YAML",
      {
        [`${overlay}/kustomization.yaml`]:
          "configMapGenerator:\n  - files:\n      - pipeline.yaml\n",
        [`${overlay}/pipeline.yaml`]: "a: {{ b\n",
      },
      [],
    ],
  ])("says %s", (_, files, expected) => {
    const { problems } = readGraph(readSources(memoryTree(files)), overlay);
    expect(
      problems.map(({ rule, place, message }) => `${rule} ${place.file}:${place.line} ${message}`),
    ).toEqual(expected);
  });
});

describe("unique()", () => {
  it("makes one finding of a mistake that two targets share", () => {
    const place = { file: "base/a.yaml", line: 1 };
    const shared = { rule: "render", severity: "error", message: "x", place } as const;
    const [dev, prod] = ["dev", "prod"].map((environment) => ({
      environment,
      app: "router",
      directory: `overlays/${environment}/router`,
    }));
    if (dev === undefined || prod === undefined) throw new Error();
    expect(
      unique([
        { ...shared, target: dev, resource: "a" },
        { ...shared, target: prod, resource: "a" },
        { ...shared, message: "y", target: prod },
      ]),
    ).toEqual([
      { ...shared, resource: "a" },
      { ...shared, message: "y", target: prod },
    ]);
  });
});
