import fc from "fast-check";
import { CORE_SCHEMA, load } from "js-yaml";
import { expect, test } from "vitest";
import { BuildError } from "../../../scripts/kustomize/build-error.ts";
import type { Mapping } from "../../../scripts/kustomize/node/node.ts";
import { compareKeys } from "../../../scripts/kustomize/yaml/key-order.ts";
import { printLines } from "../../../scripts/kustomize/yaml/lines.ts";
import { printDocuments } from "../../../scripts/kustomize/yaml/print.ts";
import { readDocuments } from "../../../scripts/kustomize/yaml/read.ts";
import { fileText } from "../../../scripts/kustomize/yaml/source-text.ts";
import { toValue } from "../../../scripts/kustomize/yaml/value.ts";
import { useOracle } from "../oracle.ts";
import { randomRuns } from "../random-runs.ts";

const { numRuns, seed } = randomRuns(400);

const oracle = useOracle();

const words = [
  ..."~ null yes off y n true 0 1 -1 0644 0o7 0x1F 1e3 1.5 .5 .inf 1_000 1:30 << = --- ...".split(
    " ",
  ),
  ..."2020-01-01 2020-01-01T1:2:3Z 18446744073709551615 1e21 1e-7 1234567.5 -0.0 089".split(" "),
  ..."word some-longer-word a:b a, # - ? : | > & * ! % @ ` ' \" [ ] { } \\ $(X) {{".split(" "),
];
const odd = [..." \t\n\r\0\x07\x1b\u0085\u00a0\u2028\u2029\ufeff\ufffd\ue000é漢😀𐍈:#-"];

const text = fc.oneof(
  fc.constantFrom(...words),
  fc.array(fc.constantFrom(...words, ...odd), { maxLength: 8 }).map((parts) => parts.join("")),
  fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join(" ")),
  fc
    .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(" ", "  ", "\n", "\n  ", " \n")))
    .map((parts) => parts.flat().join("")),
);

/** JSON without pairs of surrogates, which YAML's escapes do not know. */
const quoted = (value: string): string =>
  `"${[...value].map((letter) => (/[ -!#-[\]-~]/.test(letter) ? letter : escaped(letter))).join("")}"`;

function escaped(letter: string): string {
  return `\\U${(letter.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`;
}

const indented = (value: string): string => value.replace(/\n(?=.)/g, "\n      ");

const scalar = fc.oneof(
  text.map(quoted),
  fc.constantFrom(...words.filter((word) => /^[\w.~<+-]/.test(word) && word !== "---")),
  fc.constantFrom("!!str 1", "!!int '0x1F'", "!!float 1", "!!binary aGk=", "!own x", "! 12"),
  text.map((value) => `'${indented(clean(value)).replaceAll("'", "''")}'`),
  fc
    .tuple(fc.constantFrom("|", "|-", "|+", ">", ">-", ">+"), text)
    .map(([header, value]) => `${header}\n      x${indented(clean(value))}`),
);

/** Without what only escapes can write. */
function clean(value: string): string {
  return value.replace(/[^\n -~é漢]/g, "").replaceAll("\n\n", "\n");
}

const entries = fc.uniqueArray(
  fc.tuple(fc.oneof(fc.constantFrom("a", "a2", "a10", "a01", "B", "é", "-"), text), scalar),
  { selector: ([name]) => name, maxLength: 6 },
);

const manifest = fc.record({
  kind: fc.constantFrom("ConfigMap", "Unknown"),
  map: entries,
  list: fc.array(scalar, { maxLength: 4 }),
});

test(
  "random manifests are read and printed to the bytes of real kustomize",
  async () => {
    let same = 0;
    const property = fc.asyncProperty(manifest, async ({ kind, map, list }) => {
      fc.pre(isOrdered(map.map(([key]) => key)));
      const file = [
        `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: x`,
        `data:\n  root: x`,
        ...map.map(([key, value]) => `  ${quoted(key)}: ${value}`),
        "list:\n- x",
        ...list.map((value) => `- ${value}`),
        "...\n",
      ].join("\n");
      const files = { "kustomization.yaml": "resources: [x.yaml]\n", "x.yaml": file };
      const expected = await oracle.build(files, ".");
      const printed = reprint(file);
      if ("output" in expected) {
        expect(printed).toBe(expected.output);
        same += 1;
      } else expect(printed, expected.error).toBeUndefined();
    });
    await fc.assert(property, { numRuns, seed });
    console.log(`random manifests: ${same} of ${numRuns} the same bytes, others refused by both`);
    expect(same).toBeGreaterThan(numRuns / 2);
  },
  60_000 + numRuns * 50,
);

/** Whether go-yaml's order of keys has no circle among these, which it breaks by chance. */
function isOrdered(keys: readonly string[]): boolean {
  const sorted = [...keys, "root"].sort(compareKeys);
  return sorted.every((key, at) =>
    sorted.slice(at + 1).every((next) => compareKeys(key, next) < 0),
  );
}

/** What we print, having compared it with the same object's lines and value; undefined for a refusal. */
function reprint(file: string): string | undefined {
  try {
    const objects = readDocuments(fileText("x.yaml", file), "resource") as Mapping[];
    const printed = printDocuments(objects);
    for (const object of objects) {
      expect(
        printLines(object)
          .map((line) => `${line.text}\n`)
          .join(""),
      ).toBe(printed);
      // These break lines in YAML 1.1 only, so other readers see the blanks after them.
      if (/[\u2028\u2029]/.test(printed)) continue;
      expect(toValue(object)).toEqual(load(printed, { schema: CORE_SCHEMA }));
    }
    return printed;
  } catch (error) {
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}
