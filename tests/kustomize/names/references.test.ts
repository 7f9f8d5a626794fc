import { expect, test } from "vitest";
import { createBuilder } from "../../../scripts/kustomize/build.ts";
import { type Node, nodeAt, textAt } from "../../../scripts/kustomize/node/node.ts";
import { liveSteps, type Origin, placeOf } from "../../../scripts/kustomize/node/origin.ts";
import { currentId, type Resource } from "../../../scripts/kustomize/resource/resource.ts";
import { toValue } from "../../../scripts/kustomize/yaml/value.ts";
import { memoryTree } from "../../../scripts/tree/memory.ts";

const pod = `
apiVersion: v1
kind: Pod
metadata: {name: pod}
spec:
  serviceAccountName: app
  volumes:
  - configMap: {name: app}
  - secret: {secretName: unknown}
`;
const account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: app}\n";
const generator = "configMapGenerator: [{name: app, literals: [a=b]}]\n";

test("a reference follows prefix, suffix and hash; a name of nothing here stays", () => {
  const built = build({
    "kustomization.yaml": `resources: [pod.yaml, account.yaml]\nnamePrefix: p-\nnameSuffix: -s\n${generator}`,
    "pod.yaml": pod,
    "account.yaml": account,
  });
  const spec = nodeAt(built.get("Pod/p-pod-s")?.object, ["spec"]);
  expect(textAt(spec, ["serviceAccountName"])).toBe("p-app-s");
  expect(textAt(spec, ["volumes", 0, "configMap", "name"])).toBe("p-app-s-4h2mbtbbt6");
  expect(textAt(spec, ["volumes", 1, "secret", "secretName"])).toBe("unknown");
});

test("among equal names the one with the same prefix is meant", () => {
  const over = (prefix: string) => `resources: [../${prefix}base]\nnamePrefix: ${prefix}-\n`;
  const base = { "kustomization.yaml": `resources: [pod.yaml]\n${generator}`, "pod.yaml": pod };
  const built = build({
    "kustomization.yaml": "resources: [a, b]\n",
    "a/kustomization.yaml": over("a"),
    "b/kustomization.yaml": over("b"),
    ...below("abase", base),
    ...below("bbase", base),
  });
  for (const prefix of ["a", "b"]) {
    const { object } = built.get(`Pod/${prefix}-pod`) ?? {};
    const found = textAt(object, ["spec", "volumes", 0, "configMap", "name"]);
    expect(found).toBe(`${prefix}-app-4h2mbtbbt6`);
  }
});

test("a subject gets the namespace that its ServiceAccount has now", () => {
  const built = build({
    "kustomization.yaml":
      "resources: [binding.yaml, account.yaml]\nnamespace: apps\nnamePrefix: p-\n",
    "account.yaml": account.replace("{name: app}", "{name: app, namespace: old}"),
    "binding.yaml": `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: binding}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: app, namespace: old}]
`,
  });
  const subject = nodeAt(built.get("ClusterRoleBinding/p-binding")?.object, ["subjects", 0]);
  expect(textAt(subject, ["name"])).toBe("p-app");
  expect(textAt(subject, ["namespace"])).toBe("apps");
});

test("a name that could be two objects' is an error that names both", () => {
  const renamed = (name: string) => `${generator}patches:
- target: {kind: ConfigMap}
  options: {allowNameChange: true}
  patch: '[{"op": "replace", "path": "/metadata/name", "value": "${name}"}]'
`;
  const files = {
    "kustomization.yaml": "resources: [a, b, pod.yaml]\n",
    "pod.yaml": pod,
    ...below("a", { "kustomization.yaml": renamed("one") }),
    ...below("b", { "kustomization.yaml": renamed("two") }),
  };
  expect(() => build(files)).toThrow(
    /Cannot tell what "app" in Pod "pod" means: .*"one-4h2mbtbbt6".*"two-4h2mbtbbt6"/,
  );
});

test("a name of digits stays a text only where a reference stands in quotes", () => {
  const built = build({
    "kustomization.yaml": `resources: [pod.yaml]
${generator}patches:
- target: {kind: ConfigMap}
  options: {allowNameChange: true}
  patch: '[{"op": "replace", "path": "/metadata/name", "value": "123"}]'
generatorOptions: {disableNameSuffixHash: true}
`,
    "pod.yaml": `
apiVersion: v1
kind: Pod
metadata: {name: pod}
spec: {volumes: [{configMap: {name: app}}, {configMap: {name: "app"}}]}
`,
  });
  const volumes = nodeAt(built.get("Pod/pod")?.object, ["spec", "volumes"]);
  expect(volumes && toValue(volumes)).toEqual([
    { configMap: { name: 123 } },
    { configMap: { name: "123" } },
  ]);
});

test("the new name leads to its own place and to all that the referred name is made of", () => {
  const built = build({
    "kustomization.yaml": `resources:\n- pod.yaml\nnamePrefix: p-\n${generator}`,
    "pod.yaml": pod,
  });
  const object = built.get("Pod/p-pod")?.object;
  const name = nodeAt(object, ["spec", "volumes", 0, "configMap", "name"]);
  expect([...places(name)].sort()).toEqual([
    "kustomization.yaml:3:13", // the prefix
    "kustomization.yaml:4:29", // the name in the generator
    "kustomization.yaml:4:45", // the literal, by way of the hash
    "pod.yaml:8:23",
  ]);
});

test("a resource without references, or with none to change, stays the same object", () => {
  const tree = memoryTree({
    "kustomization.yaml": "resources: [base]\n",
    ...below("base", { "kustomization.yaml": "resources: [pod.yaml]\n", "pod.yaml": pod }),
  });
  const builder = createBuilder(tree);
  const [first] = builder.build("base").resources;
  expect(builder.build("").resources[0]?.object).toBe(first?.object);
});

type Files = Readonly<Record<string, string>>;

function build(files: Files): ReadonlyMap<string, Resource> {
  const { resources } = createBuilder(memoryTree(files)).build("");
  return new Map(
    resources.map((resource) => {
      const { kind, name } = currentId(resource);
      return [`${kind}/${name}`, resource];
    }),
  );
}

function below(directory: string, files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]),
  );
}

/** Every place that has a part in a value. */
function* places(node: Node | undefined): Generator<string> {
  if (node?.kind === "mapping") for (const value of node.entries.values()) yield* places(value);
  if (node?.kind === "sequence") for (const item of node.items) yield* places(item);
  for (const step of node ? liveSteps(node.origin) : []) yield* placesOf(step);
}

function* placesOf({ mark, from = [] }: Origin): Generator<string> {
  if (mark) yield Object.values(placeOf(mark)).join(":");
  for (const node of from) yield* places(node);
}
