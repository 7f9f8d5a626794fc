import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { SlipwayError } from "../../scripts/errors.ts";
import { fleetDirectories } from "../../scripts/fleet/fleet.ts";
import { createBuilder } from "../../scripts/kustomize/build.ts";
import { printDocuments } from "../../scripts/kustomize/yaml/print.ts";
import { run } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { parent, walk } from "../../scripts/tree/tree.ts";
import { repository } from "../support/mutate.ts";

const root = dirname(dirname(import.meta.dirname ?? ""));

test("every directory of this repository builds to the bytes of real kustomize", async () => {
  const kustomize = await tool("kustomize");
  const directories = fleetDirectories.flatMap((top) =>
    [...walk(repository, top)]
      .filter((file) => file.endsWith("/kustomization.yaml"))
      .map((file) => parent(file)),
  );
  const expected = await inPairs(directories, async (directory) => {
    const { exitCode, stdout } = await run(kustomize, ["build", join(root, directory)]);
    return exitCode === 0 ? stdout : undefined;
  });
  const builder = createBuilder(repository);
  const different = directories.flatMap((directory, index) => {
    const actual = attempt(() => builder.build(directory));
    return actual.output === expected[index]
      ? []
      : [{ directory, expected: expected[index], actual }];
  });
  const built = expected.filter((output) => output !== undefined).length;
  console.log(
    `repository: ${directories.length - different.length} of ${directories.length} directories as real kustomize,` +
      ` of which ${built} build alone`,
  );
  expect(different).toEqual([]);
  expect(built).toBeGreaterThan(50);
}, 120_000);

type Attempt = { readonly output?: string; readonly refusal?: string };

function attempt(build: () => ReturnType<ReturnType<typeof createBuilder>["build"]>): Attempt {
  try {
    return { output: printDocuments(build().resources.map(({ object }) => object)) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { refusal: error.message };
  }
}

/** Two processes at a time. */
async function inPairs<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all([worker(), worker()]);
  return results;
}
