import { expect, it } from "vitest";
import { currentId } from "../../../scripts/kustomize/resource/resource.ts";
import { entry, patch, print, resourcesOf } from "./patching.ts";

const config = (name: string, data: string, labels = "{}") => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  labels: ${labels}
data: ${data}
---
`;

const both = resourcesOf(config("a", "{x: y}", "{tier: web}") + config("b", "{x: y}"));
const namesOf = (resources: ReturnType<typeof patch>) =>
  resources.map((one) => currentId(one).name);

it("a patch without target changes the object that it names, each document another one", () => {
  const [a, b] = patch(both, entry(config("b", "{x: z}") + config("a", "{x: w}")));
  expect(print(a ? [a] : [])).toContain("x: w");
  expect(print(b ? [b] : [])).toContain("x: z");
});

it("a target selects by regular expressions, labels and annotations; the rest is untouched", () => {
  const text = config("any", "{x: z}");
  const [a, b] = patch(both, entry(text, { target: "{kind: Config.*, labelSelector: tier=web}" }));
  expect(print(a ? [a] : [])).toContain("x: z");
  expect(b).toBe(both[1]);
});

it("name and kind stay, unless the options allow a change", () => {
  const renamed = config("c", "{}").replace("ConfigMap", "Settings");
  const target = "{name: a}";
  expect(namesOf(patch(both, entry(renamed, { target })))).toEqual(["a", "b"]);
  const options = "{allowNameChange: true, allowKindChange: true}";
  const [changed] = patch(both, entry(renamed, { target, options }));
  expect(changed && currentId(changed)).toMatchObject({ kind: "Settings", name: "c" });
  expect(changed?.previous).toEqual([{ namespace: "default", name: "a", kind: "ConfigMap" }]);
});

it("a later patch may name an object as it was before", () => {
  const options = "{allowNameChange: true}";
  const rename = entry(config("c", "{}"), { target: "{name: a}", options });
  const [resource] = patch(both, rename, entry(config("a", "{x: z}")));
  expect(print(resource ? [resource] : [])).toContain("x: z");
});

it("an object that a patch deletes is gone", () => {
  expect(
    namesOf(patch(both, entry(`${config("a", "{}").replace("---\n", "")}$patch: delete\n`))),
  ).toEqual(["b"]);
});

it.each(["", "# nothing\n", "[]"])("an empty patch does nothing: %j", (text) => {
  expect(patch(both, entry(text, { target: "{kind: ConfigMap}" }))).toBe(both);
});

it("with a target, a null cannot take a label away: Kustomize makes it a text", () => {
  const text = config("a", "{}", "{tier: null}");
  const [resource] = patch(both, entry(text, { target: "{name: a}" }));
  expect(print(resource ? [resource] : [])).toContain('tier: "null"');
});

it.each([
  [config("c", "{}"), undefined, 'There is no ConfigMap "c" for a patch'],
  ["- {op: remove, path: /data}", undefined, "A JSON patch has no target"],
  [config("a", "{}") + config("b", "{}"), "{kind: ConfigMap}", "has several documents"],
  ["[{op: remove}]", "{kind: ConfigMap}", 'Cannot read a JSON patch that begins with "["'],
  ["[5]", "{kind: ConfigMap}", "An operation of a JSON patch should be a mapping"],
  [config("a", "{}"), "{name: '('}", 'Cannot use "(" as the "name" of a target'],
  [
    config("a", "{}"),
    "{labelSelector: 'a b'}",
    '"b" stands where =, ==, !=, in, notin, < or > is expected',
  ],
])("refuses %j for target %j", (text, target, message) => {
  expect(() => patch(both, entry(text, target === undefined ? {} : { target }))).toThrow(message);
});

it("refuses a change that gives two objects the same name", () => {
  const options = "{allowNameChange: true}";
  const rename = entry(config("c", "{}"), { target: "{kind: ConfigMap}", options });
  expect(() => patch(both, rename)).toThrow('gives two objects the same name, ConfigMap "c"');
});
