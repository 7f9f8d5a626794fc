import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFiles } from "../engine.ts";
import { type Oracle, openOracle } from "../oracle.ts";

let oracle: Oracle;
beforeAll(async () => {
  oracle = await openOracle();
});
afterAll(() => oracle.close());

test("files and literals of any content come out, and are hashed, as kustomize does it", async () => {
  await fc.assert(
    fc.asyncProperty(content, content, env, literal, async (first, second, env, literal) => {
      const files = { "kustomization.yaml": kustomization(literal), first, second, env };
      const expected = await oracle.build(files, "", { reorder: "none" });
      const actual = buildFiles(files, "", { reorder: "none" });
      if ("output" in expected) expect(actual).toEqual(expected);
      else expect(actual).toHaveProperty("error");
    }),
    { numRuns: Number(process.env.RANDOM_RUNS ?? 200) },
  );
});

/** Texts where a printer has to think, and bytes. */
const text = fc.string({
  unit: fc.constantFrom(
    ..."ab =:#-'\"\\$<&\t\n\r\0\u0085\u00e9\u2028\ufeff",
    "\n",
    " ",
    "\u{1F600}",
  ),
  maxLength: 12,
});
const content = fc.oneof(
  text.map((characters) => new TextEncoder().encode(characters)),
  fc.uint8Array({ maxLength: 120 }),
);
const env = fc
  .array(
    fc.oneof(
      text,
      fc.tuple(fc.constantFrom("A", " B", "#C", "D "), text).map((p) => p.join("=")),
    ),
  )
  .map((lines) => lines.join("\n"));
/** Keys of several lines, and YAML 1.1's own line breaks in a kustomization, are beyond the point. */
const literal = fc.oneof(
  text.map((characters) => characters.replaceAll(/[\n\r\u0085\u2028]/g, "")),
  text.map((characters) => `key=${characters.replaceAll(/[\u0085\u2028]/g, "")}`),
);

function kustomization(literal: string): string {
  const options = { labels: { of: "all" } };
  const configMap = { name: "map", files: ["first", "k=second"], literals: [literal] };
  const secret = { name: "secret", type: "any", files: ["first"], envs: ["env"] };
  const disabled = { name: "env", envs: ["env"], options: { disableNameSuffixHash: true } };
  return JSON.stringify({
    generatorOptions: options,
    configMapGenerator: [configMap, disabled],
    secretGenerator: [secret],
  });
}
