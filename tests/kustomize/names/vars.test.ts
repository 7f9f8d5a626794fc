import { expect, test } from "vitest";
import { createBuilder } from "../../../scripts/kustomize/build.ts";
import { type Node, nodeAt } from "../../../scripts/kustomize/node/node.ts";
import { toValue } from "../../../scripts/kustomize/yaml/value.ts";
import { memoryTree } from "../../../scripts/tree/memory.ts";

const service =
  "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n";
const objref = "{apiVersion: v1, kind: Service, name: web}";

test("a var alone in a field takes the type of its value, one in a text does not", () => {
  const args = built(["$(PORT)", "p$(PORT)", "$$(PORT)", "$(NO)"], port());
  expect(args).toEqual([80, "p80", "$(PORT)", "$(NO)"]);
});

test("names are those that objects had first, values those that they have now", () => {
  expect(built(["$(NAME)"], `namePrefix: p-\nvars: [{name: NAME, objref: ${objref}}]`)).toEqual([
    "p-web",
  ]);
});

test("what is replaced knows the text that held it, the var and the value", () => {
  const value = node(["$(PORT)"], port());
  expect(value?.origin).toMatchObject({ operation: "var", keeps: true });
  expect(value?.origin.before?.mark?.source.file).toBe("pod.yaml");
  expect(value?.origin.by?.source.file).toBe("kustomization.yaml");
  expect(value?.origin.from?.map(({ origin }) => origin.mark?.source.file)).toEqual([
    "service.yaml",
  ]);
});

test("a var that no field holds is told", () => {
  const { warnings } = createBuilder(memoryTree(files([], port()))).build("");
  expect(warnings.join()).toContain('The var "PORT" is never used');
});

test.each([
  [
    `vars: [{name: A, objref: {apiVersion: v1, kind: Service, name: gone}}]`,
    'The var "A" means Service "gone", which is not among the resources',
  ],
  [
    `vars: [{name: A, objref: ${objref}, fieldref: {fieldPath: spec.no}}]`,
    'The var "A" is the field "spec.no" of Service "web", which has no such field',
  ],
  [
    `vars: [{name: A, objref: ${objref}}, {name: A, objref: ${objref}}]`,
    'The var "A" is given already, by "kustomization.yaml:2"',
  ],
])("%s: %s", (fields, message) => {
  expect(() => built([], fields)).toThrow(message);
});

test("a var that could mean two objects is an error", () => {
  const two = `${service}---\n${service.replace("{name: web}", "{name: web, namespace: b}")}`;
  const tree = memoryTree({ ...files([], port()), "service.yaml": two });
  expect(() => createBuilder(tree).build("")).toThrow(
    'Cannot tell which object the var "PORT" means',
  );
});

function port(): string {
  return `vars: [{name: PORT, objref: ${objref}, fieldref: {fieldPath: "spec.ports[0].port"}}]`;
}

function built(args: readonly string[], fields: string): unknown {
  const container = pod(args, fields);
  return container && toValue(container);
}

function node(args: readonly string[], fields: string): Node | undefined {
  return nodeAt(pod(args, fields), [0]);
}

function pod(args: readonly string[], fields: string): Node | undefined {
  const { resources } = createBuilder(memoryTree(files(args, fields))).build("", {
    reorder: "none",
  });
  return nodeAt(resources[0]?.object, ["spec", "containers", 0, "args"]);
}

function files(args: readonly string[], fields: string): Record<string, string> {
  const spec = { containers: [{ name: "c", args }] };
  return {
    "pod.yaml": JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "pod" }, spec }),
    "service.yaml": service,
    "kustomization.yaml": `resources: [pod.yaml, service.yaml]\n${fields}\n`,
  };
}
