import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import type { Resource } from "../../scripts/fleet/resource.ts";
import { resourcesOfFile } from "./resources.ts";

/** One case of another project's tests: a file, that project's rule, and its verdict. */
export type Case = {
  readonly id: string;
  readonly file: string;
  readonly suite: string;
  readonly rule: string;
  readonly expect: "pass" | "fail";
  readonly [more: string]: unknown;
};

/** The cases of a corpus, read from the folder in `SLIPWAY_CORPORA`. */
export type Corpus = {
  readonly cases: readonly Case[];
  readonly resources: (file: string) => Resource[];
};

/**
 * Tests against a corpus, which is not part of the repository: without `SLIPWAY_CORPORA` they are
 * skipped, and a line says so.
 */
export function describeCorpus(name: string, tests: (corpus: Corpus) => void): void {
  const folder = join(process.env.SLIPWAY_CORPORA ?? "", name);
  if (!process.env.SLIPWAY_CORPORA || !existsSync(join(folder, "index.json"))) {
    console.log(`Skipped the corpus ${name}: SLIPWAY_CORPORA names no folder that holds it`);
    test.skip(`${name} (SLIPWAY_CORPORA is not set)`, () => {});
    return;
  }
  const cases: Case[] = JSON.parse(readFileSync(join(folder, "index.json"), "utf8"));
  describe(name, () => tests({ cases, resources: (file) => resourcesOfFile(join(folder, file)) }));
}
