import fc from "fast-check";
import { expect, it } from "vitest";
import { editKey } from "../../scripts/checks/schema/shape.ts";
import { findUnknownFields } from "../../scripts/checks/schema/unknown-fields.ts";
import type { Path } from "../../scripts/fleet/resource.ts";
import { modelOf } from "../../scripts/tools/schemas/models.ts";
import { findTypeScript, typeCheck } from "../../scripts/tools/schemas/typescript.ts";
import { valid } from "./manifests.ts";

it("findUnknownFields() compiles again what was not in order, until it is", async () => {
  const sources: string[] = [];
  const answers = [
    "objects.ts(2,2): error TS2353: Object literal may only specify known properties, and 'a' does not exist in type 'A'.\n",
    "objects.ts(2,2): error TS2561: Object literal may only specify known properties, but 'b' does not exist in type 'A'. Did you mean to write 'c'?\n",
    "",
  ];
  const found = await findUnknownFields(
    [
      { model: "models/v1/A", object: { a: 1, b: 1 } },
      { model: "models/v1/A", object: { c: 1 } },
    ],
    async (source) => {
      sources.push(source);
      return answers.shift() ?? "";
    },
  );
  expect(found).toEqual([[{ path: ["a"] }, { path: ["b"], hint: "c" }], []]);
  expect(sources).toHaveLength(3);
  expect(sources[0]).toMatchInlineSnapshot(`
    "export const r0: K0 =
    {a:_,b:_,};
    export const r1: K0 =
    {c:_,};
    declare const _: any;
    import type { IA as K0 } from "models/v1/A";
    "
  `);
  expect(sources[1]).toContain("export const r0: K0 =\n{b:_,};\ndeclare");
});

it("findUnknownFields() throws on errors in what surrounds the objects", async () => {
  const compile = async () => "objects.ts(4,3): error TS2307: Cannot find module 'models/v1/A'.\n";
  await expect(findUnknownFields([{ model: "models/v1/A", object: {} }], compile)).rejects.toThrow(
    "Cannot compile the types: Cannot find module",
  );
});

it("findUnknownFields() finds exactly the unknown fields, whatever else is wrong", async () => {
  const program = findTypeScript();
  if (program === undefined) throw new Error("The TypeScript compiler is not installed");
  const cases = fc.sample(mutation, { numRuns: 150, seed: 20260101 });
  const found = await findUnknownFields(
    cases.map(({ object }) => ({ model, object })),
    (source) => typeCheck(program, source),
  );
  for (const [index, { unknown }] of cases.entries()) {
    const paths = (found[index] ?? []).map(({ path }) => editKey(path));
    expect(paths.sort()).toEqual(unknown.map(editKey).sort());
  }
});

const model = modelOf("apps/v1", "Deployment") ?? "";

/** Mappings of a Deployment whose fields its types name. */
const places: readonly Path[] = [
  [],
  ["metadata"],
  ["spec"],
  ["spec", "selector"],
  ["spec", "template"],
  ["spec", "template", "metadata"],
  ["spec", "template", "spec"],
  ["spec", "template", "spec", "containers", 0],
  ["spec", "template", "spec", "containers", 0, "env", 0],
  ["spec", "template", "spec", "containers", 0, "readinessProbe", "httpGet"],
];

/** Fields that are required, and fields which a value of another type goes into. */
const removed: readonly Path[] = [
  ["spec", "selector"],
  ["spec", "template", "spec", "containers", 0, "name"],
  ["spec", "template", "spec", "containers", 0, "env", 0, "name"],
];
const mistyped: readonly Path[] = [
  ["spec", "replicas"],
  ["spec", "template", "spec", "containers", 0, "image"],
  ["metadata", "name"],
];

const mutation = fc
  .record({
    unknown: fc.uniqueArray(
      fc.record({ place: fc.constantFrom(...places), name: fc.constantFrom("foo", "zz", "x-y") }),
      { maxLength: 5, selector: ({ place, name }) => editKey([...place, name]) },
    ),
    removed: fc.subarray([...removed]),
    mistyped: fc.subarray([...mistyped]),
  })
  .map((change) => {
    const object = structuredClone(valid.Deployment) as object;
    const unknown: Path[] = [];
    for (const { place, name } of change.unknown) {
      nodeAt(object, place)[name] = { some: ["thing"] };
      unknown.push([...place, name]);
    }
    for (const path of change.mistyped) nodeAt(object, path.slice(0, -1))[path.at(-1) ?? ""] = [{}];
    for (const path of change.removed) delete nodeAt(object, path.slice(0, -1))[path.at(-1) ?? ""];
    const gone = change.removed.map((path) => editKey(path).slice(0, -1));
    return {
      object,
      unknown: unknown.filter((path) => !gone.some((prefix) => editKey(path).startsWith(prefix))),
    };
  });

function nodeAt(root: object, path: Path): Record<string | number, unknown> {
  return path.reduce<Record<string | number, unknown>>(
    (node, part) => node[part] as Record<string | number, unknown>,
    root as Record<string | number, unknown>,
  );
}
