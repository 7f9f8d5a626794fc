import fc from "fast-check";
import { expect, test } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { repository } from "../support/mutate.ts";
import { check, mutations, type Result } from "./origins/check.ts";
import { worldSeed } from "./random/seeds.ts";
import { writeWorld } from "./random/world.ts";

const budget = Number(process.env.RANDOM_RUNS ?? 600);
const seed = Number(process.env.RANDOM_SEED ?? 1);

test("a changed value of this repository is named by exactly the fields that change with it", () => {
  const { targets } = readFleet(repository);
  const subjects = targets.map(({ directory }) => ({ tree: repository, directory }));
  expectNamed(check(shuffled(subjects.flatMap(mutations)), budget));
}, 120_000);

test("a changed value of a random overlay is named by exactly the fields that change with it", () => {
  const worlds = fc.sample(worldSeed, { numRuns: 150, seed }).map(writeWorld);
  const subjects = worlds.map(({ files, directory }) => ({ tree: memoryTree(files), directory }));
  expectNamed(check(shuffled(subjects.flatMap(mutations)), budget));
}, 120_000);

function expectNamed({ checked, wrong }: Result): void {
  console.log(`origins: ${checked - wrong.length} of ${checked} changed values named exactly`);
  expect(wrong.map(({ mutation: _, ...one }) => one)).toEqual([]);
  expect(checked).toBeGreaterThanOrEqual(500);
}

/** In an order that is the same in each run. */
function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  const [order = []] = fc.sample(
    fc.shuffledSubarray(
      items.map((_, index) => index),
      { minLength: items.length },
    ),
    { numRuns: 1, seed },
  );
  return order.flatMap((index) => items.slice(index, index + 1));
}
