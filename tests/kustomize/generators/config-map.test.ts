import { expect, test } from "vitest";
import { type Node, nodeAt } from "../../../scripts/kustomize/node/node.ts";
import { placeOf } from "../../../scripts/kustomize/node/origin.ts";
import { toValue } from "../../../scripts/kustomize/yaml/value.ts";
import type { Files } from "../oracle.ts";
import { generated } from "./generated.ts";

test("env files, literals and files become data; bytes that are no text become binaryData", () => {
  const files = {
    ...only(
      "{name: settings, envs: [a.env], literals: [level=info], files: [logo.png, k=d/b.txt]}",
    ),
    "a.env": "MODE=fast\n",
    "logo.png": Uint8Array.of(0x89, 0x50),
    "d/b.txt": "text\n",
  };
  expect(made(files)).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "settings-bm9b9k67t2" },
    data: { MODE: "fast", level: "info", k: "text\n" },
    binaryData: { "logo.png": "iVA=" },
  });
});

test("without sources there is no data", () => {
  expect(made(only("{name: empty}"))).not.toHaveProperty("data");
});

test("quotes around the whole of a literal go, and only the first = parts it", () => {
  const { data } = made(only(`{name: app, literals: ['a="x"', "b='y'", 'c="z', d=e=f, g=]}`));
  expect(data).toEqual({ a: "x", b: "y", c: '"z', d: "e=f", g: "" });
});

test("options of one generator win over those for all, but a true stays true", () => {
  const { metadata, immutable } = made({
    "kustomization.yaml": `
generatorOptions: {labels: {a: all, b: all}, immutable: true, disableNameSuffixHash: true}
configMapGenerator:
- name: app
  options: {labels: {b: own}, annotations: {c: own}, immutable: false, disableNameSuffixHash: false}
`,
  });
  expect(metadata).toEqual({
    name: "app",
    labels: { a: "all", b: "own" },
    annotations: { c: "own" },
  });
  expect(immutable).toBe(true);
});

test("every value knows the place where it is written", () => {
  const [resource] = generated({
    "kustomization.yaml": `configMapGenerator:
- name: app
  envs: [a.env]
  literals:
  - level=info
  files: [b.txt]
  options: {disableNameSuffixHash: true}
`,
    "a.env": "# comment\n  MODE=fast\n",
    "b.txt": "text",
  });
  const at = (...path: string[]) => place(nodeAt(resource?.object, path));
  expect(at("metadata", "name")).toBe("kustomization.yaml:2:9 by kustomization.yaml:2:3");
  expect(at("data", "MODE")).toBe("a.env:2:8 by kustomization.yaml:3:10");
  expect(at("data", "level")).toBe("kustomization.yaml:5:5 by kustomization.yaml:2:3");
  expect(at("data", "b.txt")).toBe("b.txt:1:1 by kustomization.yaml:6:11");
});

test.each([
  ["{literals: [a=b]}", 'A generator of a ConfigMap has no name: add "name"'],
  ["{name: app, literals: [ab]}", 'Cannot read the literal "ab": it needs a key, "=" and a value'],
  ["{name: app, literals: [=b]}", 'Cannot read the literal "=b": it needs a key'],
  [
    "{name: app, literals: [a=b, a=c]}",
    'The key "a" is given twice, by "kustomization.yaml:2" and by',
  ],
  ["{name: app, files: [=b]}", 'Cannot read the file "=b": there is no key before "="'],
  ["{name: app, files: [b=]}", 'Cannot read the file "b=": there is no path behind "="'],
  ["{name: app, files: [a=b=c]}", 'Cannot read the file "a=b=c": there is more than one "="'],
  ["{name: app, files: [tab]}", 'Cannot generate "tab": the text begins with a tab'],
])("%s: %s", (generator, message) => {
  expect(() => generated({ ...only(generator), tab: "\ta\n" })).toThrow(message);
});

function only(generator: string): Files {
  return { "kustomization.yaml": `configMapGenerator:\n- ${generator}\n` };
}

function made(files: Files): Record<string, unknown> {
  const [resource] = generated(files);
  return (resource && toValue(resource.object)) as Record<string, unknown>;
}

function place(node: Node | undefined): string {
  const { mark, by } = node?.origin ?? {};
  const text = (at: typeof mark) => at && Object.values(placeOf(at)).join(":");
  return `${text(mark) ?? "generated"} by ${text(by)}`;
}
