import { expect, it } from "vitest";
import { nodeAt } from "../../../scripts/kustomize/node/node.ts";
import { allSteps, placeOf } from "../../../scripts/kustomize/node/origin.ts";
import { toValue } from "../../../scripts/kustomize/yaml/value.ts";
import { entry, patch, resourcesOf } from "./patching.ts";

const pod = (spec: string) => `apiVersion: v1
kind: Pod
metadata:
  name: router
spec: ${spec}
`;

const custom = (spec: string) => pod(spec).replace("v1", "example.com/v1").replace("Pod", "Colony");

function merged(target: string, over: string, write = pod): unknown {
  const [resource] = patch(resourcesOf(write(target)), entry(write(over)));
  return resource && toValue(nodeAt(resource.object, ["spec"]) ?? resource.object);
}

it.each([
  ["sets and adds", "{a: 1, b: 2}", "{b: 3, c: 4}", { a: 1, b: 3, c: 4 }],
  ["removes by null", "{a: 1, b: {c: 2}}", "{a: null, b: {c: null}}", { b: {} }],
  ["keeps a null that somebody wrote", "{a: null, b: 1}", "{b: 2}", { a: null, b: 2 }],
  ["adds no nulls", "{}", "{a: null, b: {c: null, d: 1}}", { b: { d: 1 } }],
  ["deletes a mapping", "{a: {b: 1}}", "{a: {$patch: delete}}", {}],
  ["replaces a mapping", "{a: {b: 1}}", "{a: {$patch: replace, c: 2}}", { a: { c: 2 } }],
  [
    "replaces a list without merge key",
    "{tolerations: [{key: a}]}",
    "{tolerations: [{key: b}]}",
    { tolerations: [{ key: "b" }] },
  ],
  ["keeps what only the API server knows", "{}", "{$retainKeys: [a]}", { $retainKeys: ["a"] }],
])("%s", (_, target, over, expected) => {
  expect(merged(target, over)).toEqual(expected);
});

it.each([
  [
    "items of the patch come first",
    "[{name: a}, {name: b}]",
    "[{name: c}, {name: b, image: x}]",
    [{ name: "c" }, { name: "b", image: "x" }, { name: "a" }],
  ],
  ["deletes an item", "[{name: a}, {name: b}]", "[{name: a, $patch: delete}]", [{ name: "b" }]],
  ["replaces the list", "[{name: a}]", "[{name: b}, {$patch: replace}]", [{ name: "b" }]],
  // Kustomize finds the old item again when it puts the list together.
  [
    "cannot replace one item",
    "[{name: a, image: x}]",
    "[{name: a, $patch: replace}]",
    [{ name: "a", image: "x" }],
  ],
  [
    "loses what stands before an item without its key",
    "[{name: a}, {image: x}]",
    "[]",
    [{ image: "x" }],
  ],
])("a list with a merge key: %s", (_, target, over, expected) => {
  const result = merged(`{containers: ${target}}`, `{containers: ${over}}`);
  expect(result).toEqual({ containers: expected });
});

it("ports are told apart by port and protocol, as far as both are given", () => {
  const target = "{containers: [{name: a, ports: [{containerPort: 80, protocol: TCP}]}]}";
  const over = "{containers: [{name: a, ports: [{containerPort: 80, protocol: UDP}]}]}";
  expect(merged(target, over)).toEqual({
    containers: [
      {
        name: "a",
        ports: [
          { containerPort: 80, protocol: "UDP" },
          { containerPort: 80, protocol: "TCP" },
        ],
      },
    ],
  });
});

it("replaces lists of a custom resource whole, but merges an object of Kubernetes inside it", () => {
  expect(merged("{list: [{name: a}]}", "{list: [{name: b}]}", custom)).toEqual({
    list: [{ name: "b" }],
  });
  const inner = (spec: string) => `{pod: {apiVersion: v1, kind: Pod, spec: ${spec}}}`;
  const target = inner("{containers: [{name: a}]}");
  expect(merged(target, "{pod: {spec: {containers: [{name: b}]}}}", custom)).toMatchObject({
    pod: { spec: { containers: [{ name: "b" }, { name: "a" }] } },
  });
});

it("a number over a text in quotes becomes a text, over a bare one it stays a number", () => {
  expect(merged('{a: "x", b: x, c: 1}', '{a: 5, b: 5, c: "5"}')).toEqual({ a: "5", b: 5, c: "5" });
});

it("an object that the patch says nothing new about is the very same", () => {
  const [before] = resourcesOf(pod("{containers: [{name: a, ports: [{containerPort: 80}]}]}"));
  const text = "apiVersion: v1\nkind: Pod\nmetadata: {name: router}\n";
  const [after] = patch(before ? [before] : [], entry(text));
  expect(after).toBe(before);
});

it.each([
  [
    "{a: {b: 1}}",
    "{a: 5}",
    "Cannot merge a single value of a strategic merge patch into a mapping",
  ],
  ["{a: {}}", "{a: {$patch: drop}}", 'it is "drop" and should be "merge", "replace" or "delete"'],
  ["{containers: [5]}", "{}", "one of its items is a single value, and a mapping is expected"],
])("refuses %s under %s", (target, over, message) => {
  expect(() => merged(target, over)).toThrow(message);
});

it("a value remembers the patch and what it was before; a key, who took it away", () => {
  const [resource] = patch(resourcesOf(pod("{a: 1, b: 2}")), entry(pod("{a: 5, b: null}")));
  const steps = [
    ...allSteps(nodeAt(resource?.object, ["spec", "a"])?.origin ?? { operation: "var" }),
  ];
  expect(steps.map(({ operation, mark }) => [operation, mark && placeOf(mark)])).toEqual([
    ["strategic merge patch", { file: "patch.yaml", line: 5, column: 11 }],
    ["resource", { file: "resources.yaml", line: 5, column: 11 }],
  ]);
  const spec = nodeAt(resource?.object, ["spec"]);
  const removal = spec?.kind === "mapping" ? spec.removed?.get("b") : undefined;
  expect(removal?.mark && placeOf(removal.mark)).toMatchObject({ file: "patch.yaml", column: 17 });
});
