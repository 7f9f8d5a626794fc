import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFiles } from "../engine.ts";
import { type Oracle, openOracle } from "../oracle.ts";

let oracle: Oracle;
beforeAll(async () => {
  oracle = await openOracle();
});
afterAll(() => oracle.close());

test("vars are replaced as kustomize does it, whatever they are and wherever they stand", async () => {
  let built = 0;
  await fc.assert(
    fc.asyncProperty(value, fieldPath, texts, texts, async (value, fieldPath, args, values) => {
      const files = {
        "source.yaml": source(value),
        "target.yaml": target(args, values),
        "kustomization.yaml": kustomization(fieldPath),
      };
      const expected = await oracle.build(files, "", { reorder: "none" });
      const actual = buildFiles(files, "", { reorder: "none" });
      if ("output" in expected) {
        built += 1;
        expect(actual).toEqual(expected);
      } else expect(actual).toHaveProperty("error");
    }),
    { numRuns: Number(process.env.RANDOM_RUNS ?? 150) },
  );
  expect(built).toBeGreaterThan(50);
});

/** As it is written in YAML, unquoted. */
const value = fc.constantFrom(
  ..."web 8080 -1 +5 010 0x1F 0o17 1_000 1.5 1e3 .5 1234567.5 999999.5 1000000.0 -0.0001 -1e-9 1e-7 0.00005 1e21 123456789012345678901".split(
    " ",
  ),
  ..."true True false yes null ~ 2001-01-01 '8080' \"a b\" {a: b} [a] $(NAME) .inf .nan -0".split(
    " ",
  ),
  "'true'",
  "",
);

const fieldPath = fc.constantFrom(
  "data.value",
  "spec.list[0].value",
  "spec.list.1.value",
  "spec.list.[name=b].value",
  "spec.list.-.value",
  "spec.plain.[=x]",
  "metadata.annotations.[dotted.key/name]",
  "metadata.annotations.dotted\\.key/name",
  "metadata.name",
  "",
  "spec.list",
  "spec.missing",
  "data.value.deeper",
);

const piece = fc.constantFrom(
  ..."$(NAME) $(VALUE) $$ $ ( ) $(OTHER) $(VALUE $$(VALUE) x 1 true".split(" "),
  " ",
);
const texts = fc.array(fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join("")));

function source(value: string): string {
  return `apiVersion: v1
kind: Thing
metadata:
  name: source
  annotations:
    dotted.key/name: ${value.startsWith("{") || value.startsWith("[") ? "text" : value}
data:
  value: ${value}
spec:
  plain: [w, x]
  list:
  - name: a
    value: ${value}
  - name: b
    value: ${value}
`;
}

function target(args: readonly string[], values: readonly string[]): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "target",
      annotations: Object.fromEntries(args.map((text, i) => [`a${i}`, text])),
    },
    spec: {
      containers: [
        { name: "c", args, env: values.map((value, index) => ({ name: `V${index}`, value })) },
        { name: "d", command: null, env: [{ name: "N", value: 5 }] },
      ],
    },
  });
}

function kustomization(fieldPath: string): string {
  const objref = { apiVersion: "v1", kind: "Thing", name: "source" };
  return JSON.stringify({
    resources: ["source.yaml", "target.yaml"],
    namePrefix: "p-",
    vars: [
      { name: "NAME", objref },
      { name: "VALUE", objref, fieldref: { fieldPath } },
    ],
  });
}
