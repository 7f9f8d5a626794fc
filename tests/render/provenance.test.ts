import { describe, expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { formatPath, type Path, type Resource } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { readText } from "../../scripts/tree/tree.ts";
import { repository } from "../support/mutate.ts";
import { deployment, type Files, renderFiles } from "./tree.ts";

const container: Path = ["spec", "template", "spec", "containers", 0];

/** Lines of the overlay's kustomization are counted from its first line, `resources:`. */
const overlay = (rest: string) => `resources:\n  - ../../../base/router\n${rest}`;
const base: Files = {
  "base/router/kustomization.yaml": "resources:\n  - deployment.yaml\n",
  "base/router/deployment.yaml": deployment,
};
const origin = "base/router/deployment.yaml";
const file = "overlays/dev/router/kustomization.yaml";

describe("placeOf()", () => {
  it.each<[string, Files, Path, string]>([
    ["the origin where nothing changes it", {}, [...container, "image"], `${origin}:16:18`],
    ["the origin of a mapping", {}, [...container, "resources"], `${origin}:22:11`],
    ["the origin of an item of a list", {}, container, `${origin}:15:11`],
    [
      "what encloses a path that is missing",
      {},
      [...container, "livenessProbe"],
      `${origin}:15:11`,
    ],
    ["what encloses two missing steps", {}, ["spec", "strategy", "type"], `${origin}:5:1`],
    [
      "a strategic-merge patch",
      {
        [file]: overlay("patches:\n  - path: patch-memory.yaml\n"),
        "overlays/dev/router/patch-memory.yaml": merge("resources: {limits: {memory: 2Gi}}"),
      },
      [...container, "resources", "limits", "memory"],
      "overlays/dev/router/patch-memory.yaml:9:55",
    ],
    [
      "the origin of what a patch only repeats to find its place",
      {
        [file]: overlay("patches:\n  - path: patch-memory.yaml\n"),
        "overlays/dev/router/patch-memory.yaml": merge("resources: {limits: {memory: 2Gi}}"),
      },
      [...container, "name"],
      `${origin}:15:17`,
    ],
    [
      "the origin of a mapping that a patch adds to",
      {
        [file]: overlay("patches:\n  - path: patch-cpu.yaml\n"),
        "overlays/dev/router/patch-cpu.yaml": merge("resources: {limits: {cpu: 1}}"),
      },
      [...container, "resources"],
      `${origin}:22:11`,
    ],
    [
      "the last of two patches",
      {
        [file]: overlay("patches:\n  - path: patch-a.yaml\n  - path: patch-b.yaml\n"),
        "overlays/dev/router/patch-a.yaml": merge("resources: {limits: {memory: 2Gi}}"),
        "overlays/dev/router/patch-b.yaml": merge("resources: {limits: {memory: 4Gi}}"),
      },
      [...container, "resources", "limits", "memory"],
      "overlays/dev/router/patch-b.yaml:9:55",
    ],
    [
      "an item of a list by its name, wherever it is in the end",
      {
        [file]: overlay("patches:\n  - path: patch-env.yaml\n"),
        "overlays/dev/router/patch-env.yaml": merge('env: [{name: PORT, value: "81"}]'),
      },
      [...container, "env", 0, "value"],
      "overlays/dev/router/patch-env.yaml:9:52",
    ],
    [
      "the origin of an item that a patch has moved",
      {
        [file]: overlay("patches:\n  - path: patch-env.yaml\n"),
        "overlays/dev/router/patch-env.yaml": merge('env: [{name: EXTRA, value: "1"}]'),
      },
      [...container, "env", 2, "value"],
      `${origin}:21:22`,
    ],
    [
      "a JSON patch",
      {
        [file]: overlay(
          "patches:\n  - path: patch-env.yaml\n    target:\n      kind: Deployment\n",
        ),
        "overlays/dev/router/patch-env.yaml":
          "- op: add\n  path: /spec/template/spec/containers/0/env/-\n  value:\n    name: EXTRA\n    value: x\n",
      },
      [...container, "env", 2, "value"],
      "overlays/dev/router/patch-env.yaml:5:12",
    ],
    [
      "a patch in the kustomization itself",
      {
        [file]: overlay(
          "patches:\n  - target:\n      kind: Deployment\n    patch: |-\n      - op: replace\n        path: /spec/template/spec/containers/0/env/0/value\n        value: changed\n",
        ),
      },
      [...container, "env", 0, "value"],
      `${file}:9:16`,
    ],
    [
      "a patch of another object not at all",
      {
        [file]: overlay(
          "patches:\n  - path: patch-memory.yaml\n    target:\n      name: other.*\n",
        ),
        "overlays/dev/router/patch-memory.yaml": merge("resources: {limits: {memory: 1Gi}}"),
      },
      [...container, "resources", "limits", "memory"],
      `${origin}:24:23`,
    ],
    [
      "a component after the base",
      {
        [file]: overlay("components:\n  - ../../../base/components/large\n"),
        "base/components/large/kustomization.yaml":
          "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - path: patch-memory.yaml\n",
        "base/components/large/patch-memory.yaml": merge("resources: {limits: {memory: 8Gi}}"),
      },
      [...container, "resources", "limits", "memory"],
      "base/components/large/patch-memory.yaml:9:55",
    ],
    [
      "an image's tag",
      {
        [file]: overlay(
          "images:\n  - name: router\n    newName: registry/router\n    newTag: v1\n",
        ),
      },
      [...container, "image"],
      `${file}:6:13`,
    ],
    [
      "an image's digest",
      { [file]: overlay(`images:\n  - name: router\n    digest: sha256:${"0".repeat(64)}\n`) },
      [...container, "image"],
      `${file}:5:13`,
    ],
    [
      "a namespace",
      { [file]: overlay("namespace: systems\n") },
      ["metadata", "namespace"],
      `${file}:3:12`,
    ],
    [
      "replicas",
      { [file]: overlay("replicas:\n  - name: router\n    count: 3\n") },
      ["spec", "replicas"],
      `${file}:5:12`,
    ],
    [
      "a label",
      { [file]: overlay("labels:\n  - pairs:\n      team: ml\n") },
      ["metadata", "labels", "team"],
      `${file}:5:13`,
    ],
    [
      "an annotation",
      { [file]: overlay("commonAnnotations:\n  team: ml\n") },
      ["spec", "template", "metadata", "annotations", "team"],
      `${file}:4:9`,
    ],
    [
      "a name with a prefix",
      { [file]: overlay("namePrefix: dev-\n") },
      ["metadata", "name"],
      `${origin}:4:9`,
    ],
    [
      "what a replacement puts in, where it was taken from",
      {
        [file]: `resources:
  - ../../../base/router
  - settings.yaml
replacements:
  - source:
      kind: ConfigMap
      name: settings
      fieldPath: data.mode
    targets:
      - select:
          kind: Deployment
        fieldPaths:
          - spec.template.spec.containers.[name=router].env.[name=MODE].value
`,
        "overlays/dev/router/settings.yaml":
          "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  annotations:\n    config.kubernetes.io/local-config: 'true'\ndata:\n  mode: fast\n",
      },
      [...container, "env", 0, "value"],
      "overlays/dev/router/settings.yaml:8:9",
    ],
  ])("gives %s", async (_, files, path, expected) => {
    const resources = await renderFiles({ [file]: overlay(""), ...base, ...files });
    const resource = resources.find(({ manifest }) => manifest.kind === "Deployment");
    expect(at(resource, path)).toBe(expected);
  });

  it.each<[string, Path, string]>([
    ["a line of an env file", ["data", "mode"], "overlays/dev/router/runtime.env:2:6"],
    ["a line that the overlay leaves alone", ["data", "port"], "base/settings/runtime.env:2:6"],
    ["a literal", ["data", "colour"], "base/settings/kustomization.yaml:6:9"],
    ["a whole file", ["data", "models.json"], "base/settings/models.json:1:1"],
    [
      "an annotation of the generator",
      ["metadata", "annotations", "team"],
      "base/settings/kustomization.yaml:11:15",
    ],
    ["the generator for the rest", ["kind"], "base/settings/kustomization.yaml:2:5"],
  ])("gives %s of a generated ConfigMap", async (_, path, expected) => {
    const [resource] = await renderFiles({
      "base/settings/kustomization.yaml": `configMapGenerator:
  - name: settings
    envs:
      - runtime.env
    literals:
      - colour=blue
    files:
      - models.json
    options:
      annotations:
        team: ml
`,
      "base/settings/runtime.env": "mode=plain\nport=80\n",
      "base/settings/models.json": "{}\n",
      [file]: `resources:
  - ../../../base/settings
configMapGenerator:
  - name: settings
    behavior: merge
    envs:
      - runtime.env
`,
      "overlays/dev/router/runtime.env": "# the overlay's own\nmode=fast\n",
    });
    expect(at(resource, path)).toBe(expected);
  });

  it("follows kustomize to the right one of two objects of a name", async () => {
    const service = (name: string) =>
      `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  type: ClusterIP\n`;
    const resources = await renderFiles({
      [file]: "resources:\n  - a\n  - b\n",
      "overlays/dev/router/a/kustomization.yaml": "namePrefix: a-\nresources:\n  - service.yaml\n",
      "overlays/dev/router/a/service.yaml": service("web"),
      "overlays/dev/router/b/kustomization.yaml": "namePrefix: b-\nresources:\n  - service.yaml\n",
      "overlays/dev/router/b/service.yaml": service("web"),
    });
    expect(
      resources.map((one) => `${one.manifest.metadata.name} ${at(one, ["spec", "type"])}`),
    ).toEqual([
      "a-web overlays/dev/router/a/service.yaml:6:9",
      "b-web overlays/dev/router/b/service.yaml:6:9",
    ]);
  });
});

describe("placeOf() in this repository", () => {
  const prod = "overlays/prod/llm-runner-router";

  it.each<[string, Path, string, string]>([
    [
      "Deployment/llm-runner-router",
      [...container, "resources", "limits", "memory"],
      `${prod}/patch-resources.yaml`,
      "memory: 16Gi",
    ],
    [
      "Deployment/llm-runner-router",
      [...container, "image"],
      `${prod}/release/kustomization.yaml`,
      "newTag: 2.0.0-80942a6",
    ],
    [
      "Deployment/llm-runner-router",
      [...container, "startupProbe", "failureThreshold"],
      "base/llm-runner-router/deployment.yaml",
      "failureThreshold: 12",
    ],
    [
      "Deployment/llm-runner-router",
      [...container, "readinessProbe"],
      "base/llm-runner-router/deployment.yaml",
      "readinessProbe:",
    ],
    [
      "HorizontalPodAutoscaler/llm-runner-router-hpa",
      ["spec", "maxReplicas"],
      `${prod}/patch-autoscaling.yaml`,
      "maxReplicas: 20",
    ],
    [
      "HTTPRoute/llm-runner-router",
      ["spec", "hostnames", 1],
      "base/llm-runner-router/http-route.yaml",
      "- llm.domain",
    ],
    [
      "PersistentVolumeClaim/llm-model-cache",
      ["metadata", "namespace"],
      `${prod}/kustomization.yaml`,
      "namespace: llm-systems",
    ],
  ])("gives the line that sets %s %j", async (id, path, file, line) => {
    const resource = (await renderProd()).find(
      ({ manifest }) => `${manifest.kind}/${manifest.metadata.name}` === id,
    );
    const place = resource?.placeOf(path);
    expect(place?.file).toBe(file);
    expect(lineAt(place?.file ?? "", place?.line ?? 0)).toBe(line);
  });

  it("gives every value of every object a line of an existing file", async () => {
    const renderings = await renderAll;
    const lost = renderings.flatMap(({ resources }) =>
      resources.flatMap((resource) =>
        [...paths(resource.manifest)]
          .filter((path) => lineAt(...fileAndLine(resource, path)) === undefined)
          .map((path) => `${resource.manifest.kind} ${formatPath(path)}`),
      ),
    );
    expect(lost).toEqual([]);
  });

  const renderAll = renderTargets(repository, readFleet(repository).targets);

  async function renderProd(): Promise<readonly Resource[]> {
    const found = (await renderAll).find(({ target }) => target.directory === prod);
    return found?.resources ?? [];
  }
});

/** A strategic-merge patch of the router's container; the content begins on line 9 in column 26. */
function merge(content: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: router
spec:
  template:
    spec:
      containers:
        - {name: router, ${content}}
`;
}

function at(resource: Resource | undefined, path: Path): string {
  const { file, line = "", column = "" } = resource?.placeOf(path) ?? { file: "nowhere" };
  return `${file}:${line}:${column}`;
}

function fileAndLine(resource: Resource, path: Path): [string, number] {
  const { file, line = 0 } = resource.placeOf(path);
  return [file, line];
}

function lineAt(file: string, line: number): string | undefined {
  return (readText(repository, file) ?? "").split("\n")[line - 1]?.trim();
}

function* paths(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* paths(item, [...path, index]);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) yield* paths(item, [...path, key]);
  }
}
