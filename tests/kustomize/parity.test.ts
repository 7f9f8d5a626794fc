import { expect, test } from "vitest";
import { buildFiles } from "./engine.ts";
import type { Outcome } from "./oracle.ts";
import { type ParityCase, parityFolder, readParityCases } from "./parity-cases.ts";
import { parityDifferences, refusals } from "./parity-differences.ts";

const folder = parityFolder();
if (folder === undefined) {
  console.log("Skipped kustomize's own cases: SLIPWAY_CORPORA names no folder that holds them");
}

test.skipIf(folder === undefined)(
  "kustomize's own test cases end with the same bytes, or with an error where it has one",
  () => {
    const cases = readParityCases(folder ?? "");
    const isLater = ({ features }: ParityCase) => features.includes("post-v5.8.1");
    const inScope = cases.filter((one) => !isLater(one));
    const different = inScope.flatMap((one) => difference(one) ?? []);
    const later = cases.filter(isLater);
    const laterSame = later.filter((one) => difference(one) === undefined).length;
    console.log(
      `parity: ${inScope.length - different.length} of ${inScope.length} cases in scope byte-identical` +
        ` (${laterSame} of ${later.length} of a later kustomize)`,
    );
    expect(different.filter(({ name }) => !Object.hasOwn(parityDifferences, name))).toEqual([]);
    expect(different.map(({ name }) => name).sort()).toEqual(Object.keys(parityDifferences).sort());
  },
);

test.skipIf(folder === undefined)("a refusal names what kustomize names", () => {
  const wrong = readParityCases(folder ?? "").flatMap(({ name, expected, ...one }) => {
    if (!("error" in expected) || Object.hasOwn(parityDifferences, name)) return [];
    const outcome = buildFiles(one.files, one.directory, one.options);
    const told = "error" in outcome ? outcome.error : "";
    return refusals[name]?.test(told) ? [] : [{ name, told, theirs: expected.error }];
  });
  expect(wrong).toEqual([]);
});

type Difference = { readonly name: string; readonly expected: Outcome; readonly actual: unknown };

function difference({
  name,
  files,
  directory,
  options,
  expected,
}: ParityCase): Difference | undefined {
  const actual = attempt(() => buildFiles(files, directory, options));
  const isSame =
    "output" in expected
      ? "output" in actual && actual.output === expected.output
      : "error" in actual;
  return isSame ? undefined : { name, expected, actual };
}

function attempt(build: () => Outcome): Outcome | { readonly crash: unknown } {
  try {
    return build();
  } catch (error) {
    return { crash: error };
  }
}
