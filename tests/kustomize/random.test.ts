import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { run } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { buildFiles } from "./engine.ts";
import { type Outcome, useOracle } from "./oracle.ts";
import { type WorldSeed, worldSeed } from "./random/seeds.ts";
import { type World, writeWorld } from "./random/world.ts";
import { randomRuns } from "./random-runs.ts";

const { numRuns, seed } = randomRuns(500);

const oracle = useOracle();

test(
  "random overlays build to the bytes of real kustomize, and fail where it fails",
  async () => {
    const count = { built: 0, refused: 0 };
    const property = fc.asyncProperty(worldSeed, async (world) => {
      const { files, directory } = writeWorld(world);
      const options = world.reorder === undefined ? {} : { reorder: world.reorder };
      const expected = await oracle.build(files, directory, options);
      if (isCrash(expected)) return;
      count["output" in expected ? "built" : "refused"] += 1;
      compare({ files, directory }, expected, buildFiles(files, directory, options));
    });
    await fc.assert(property, { numRuns, seed });
    console.log(`random overlays: ${count.built} the same bytes, ${count.refused} refused by both`);
    expect(count.built).toBeGreaterThan(numRuns / 2);
  },
  60_000 + numRuns * 200,
);

test("the oracle of these tests prints what the kustomize command prints", async () => {
  const kustomize = await tool("kustomize");
  const directory = mkdtempSync(join(tmpdir(), "slipway-test-"));
  try {
    const worlds = fc.sample(worldSeed, { numRuns: 15, seed }) as WorldSeed[];
    for (const [index, world] of worlds.map(writeWorld).entries()) {
      const folder = join(directory, String(index));
      for (const [file, content] of Object.entries(world.files)) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), content);
      }
      const outcome = await oracle.build(world.files, world.directory);
      const { exitCode, stdout } = await run(kustomize, ["build", join(folder, world.directory)]);
      expect("output" in outcome ? outcome.output : undefined).toBe(
        exitCode === 0 ? stdout : undefined,
      );
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});

/** Where kustomize itself breaks there is nothing to agree with. */
function isCrash(outcome: Outcome): boolean {
  return "error" in outcome && outcome.error.includes("kustomize panics");
}

function compare({ files, directory }: World, expected: Outcome, actual: Outcome): void {
  const isSame =
    "output" in expected
      ? "output" in actual && actual.output === expected.output
      : "error" in actual;
  if (isSame) return;
  const tree = Object.entries(files).map(([file, content]) => `# ${file}\n${content}`);
  const shown = (outcome: Outcome) =>
    "output" in outcome ? outcome.output : `Error: ${outcome.error}\n`;
  expect.fail(
    `${directory} differs\n${tree.join("\n")}\n# kustomize\n${shown(expected)}\n# ours\n${shown(actual)}`,
  );
}
