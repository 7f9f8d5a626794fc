import { describe, expect, test } from "vitest";
import { buildFiles } from "../engine.ts";

const web = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n";
const builtin = (kind: string, rest: string) =>
  `apiVersion: builtin\nkind: ${kind}\nmetadata: {name: plugin}\n${rest}`;

function build(kustomization: string, files: Readonly<Record<string, string>> = {}): string {
  const outcome = buildFiles(
    { "kustomization.yaml": kustomization, "web.yaml": web, ...files },
    "",
    { reorder: "none" },
  );
  return "output" in outcome ? outcome.output : outcome.error;
}

describe("builtin plugins", () => {
  test("are configured inline, in files and in directories", () => {
    const inline = builtin(
      "ConfigMapGenerator",
      "literals: [a=b]\noptions: {disableNameSuffixHash: true}",
    );
    expect(
      build(`generators:\n- |\n${inline.replaceAll(/^/gm, "  ")}\n- plugins\n`, {
        "plugins/kustomization.yaml": "resources: [secret.yaml]\nnamePrefix: p-\n",
        "plugins/secret.yaml": builtin(
          "SecretGenerator",
          "literals: [a=b]\noptions: {disableNameSuffixHash: true}\n",
        ),
      }),
    ).toBe(
      "apiVersion: v1\ndata:\n  a: b\nkind: ConfigMap\nmetadata:\n  name: plugin\n---\napiVersion: v1\ndata:\n  a: Yg==\nkind: Secret\nmetadata:\n  name: p-plugin\ntype: Opaque\n",
    );
  });

  test("take numbers and booleans for texts, and know no default fields", () => {
    const transformers = [
      builtin(
        "LabelTransformer",
        "labels: {a: 1.50, b: true}\nfieldSpecs: [{path: metadata/labels, create: true}]\n",
      ),
      builtin("AnnotationsTransformer", "annotations: {a: b}\n"),
      builtin(
        "PrefixSuffixTransformer",
        "prefix: 12\nsuffix: -x\nfieldSpecs: [{path: metadata/name}]\n",
      ),
    ];
    expect(
      build("resources: [web.yaml]\ntransformers: [t.yaml]\n", {
        "t.yaml": transformers.join("---\n"),
      }),
    ).toBe(
      'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  labels:\n    a: "1.5"\n    b: "true"\n  name: 12web-x\n',
    );
  });

  test.each([
    [
      builtin("SortOrderTransformer", ""),
      'Cannot run SortOrderTransformer "plugin" of "transformers"',
    ],
    [builtin("ConfigMapGenerator", ""), "it is no builtin transformer"],
    [builtin("PrefixTransformer", "prefix: a-\n"), 'A PrefixTransformer has no "fieldSpecs"'],
    [builtin("HelmChartInflationGenerator", ""), '"HelmChartInflationGenerator" is not supported'],
    [
      "apiVersion: example.com/v1\nkind: Mine\nmetadata: {name: a}\n",
      'Cannot run the plugin Mine "a" (example.com/v1)',
    ],
  ])("are refused: %j", (text, message) => {
    expect(build("resources: [web.yaml]\ntransformers: [t.yaml]\n", { "t.yaml": text })).toContain(
      message,
    );
  });

  test("are refused where two have one name", () => {
    const same = builtin("AnnotationsTransformer", "annotations: {a: b}\n");
    expect(
      build("resources: [web.yaml]\ntransformers: [t.yaml, u.yaml]\n", {
        "t.yaml": same,
        "u.yaml": same,
      }),
    ).toContain('Cannot add AnnotationsTransformer "plugin"');
  });

  test("validate without changing anything but a label of their own", () => {
    const validator = (label: string) => ({
      "v.yaml": builtin(
        "LabelTransformer",
        `labels: {${label}: me}\nfieldSpecs: [{path: metadata/labels, create: true}]\n`,
      ),
    });
    const kustomization = "resources: [web.yaml]\nvalidators: [v.yaml]\n";
    expect(build(kustomization, validator("validated-by"))).toContain("validated-by: me");
    expect(build(kustomization, validator("app"))).toContain(
      'The validator "plugin" changes resources',
    );
  });
});

test("buildMetadata tells where objects are from and what changed them, as seen from the built directory", () => {
  const outcome = buildFiles(
    {
      "over/kustomization.yaml":
        "resources: [../base]\nnamePrefix: a-\nbuildMetadata: [originAnnotations, transformerAnnotations]\n",
      "base/kustomization.yaml": "resources: [web.yaml]\nnamespace: q\n",
      "base/web.yaml": web,
    },
    "over",
  );
  expect(outcome).toHaveProperty(
    "output",
    `apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    alpha.config.kubernetes.io/transformations: |
      - configuredIn: ../base/kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: NamespaceTransformer
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: PrefixTransformer
    config.kubernetes.io/origin: |
      path: ../base/web.yaml
  name: a-web
  namespace: q
`,
  );
});
