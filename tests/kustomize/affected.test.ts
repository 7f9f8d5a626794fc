import fc from "fast-check";
import { expect, test } from "vitest";
import { SlipwayError } from "../../scripts/errors.ts";
import { fleetDirectories, readFleet } from "../../scripts/fleet/fleet.ts";
import { targetName } from "../../scripts/fleet/target.ts";
import { createBuilder } from "../../scripts/kustomize/build.ts";
import { printDocuments } from "../../scripts/kustomize/yaml/print.ts";
import { affectedTargets, contentDigests } from "../../scripts/render/affected.ts";
import { readGraph } from "../../scripts/render/graph.ts";
import { readSources } from "../../scripts/render/sources.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { readText, type Tree, walk } from "../../scripts/tree/tree.ts";
import { repository } from "../support/mutate.ts";
import { sourceScalars } from "./origins/source-scalars.ts";
import { randomRuns } from "./random-runs.ts";

const { numRuns, seed } = randomRuns(20);

const { targets } = readFleet(repository);
const before = stateOf(repository);
const files = fleetDirectories
  .flatMap((top) => [...walk(repository, top)])
  .filter((file) => file.endsWith(".yaml") && before.reads.has(file));

test("a target is made of exactly the files that its build reads", () => {
  const sources = readSources(repository);
  for (const { directory } of targets) {
    const { reads } = createBuilder(repository).build(directory);
    const read = [...reads].filter((file) => repository.read(file) !== undefined);
    expect([...readGraph(sources, directory).files].sort(), directory).toEqual(read.sort());
  }
});

test("a change that shows in every object reaches exactly the targets whose bytes change", () => {
  const chosen = sample(files.filter((file) => loudly(file) !== undefined));
  for (const file of chosen) {
    const { affected, changed } = outcome({ [file]: loudly(file) });
    expect([file, ...affected]).toEqual([file, ...changed]);
  }
}, 120_000);

test("no target changes its bytes that a change does not reach", () => {
  const count = { affected: 0, changed: 0 };
  const scalars = files.flatMap((file) =>
    sourceScalars(file, textOf(file)).map(({ changed }) => ({ file, content: changed[0] })),
  );
  const removals = files.map((file) => ({ file, content: undefined }));
  for (const { file, content } of [...sample(scalars), ...sample(removals).slice(0, 5)]) {
    const { affected, changed } = outcome({ [file]: content });
    expect(changed.filter((name) => !affected.includes(name))).toEqual([]);
    count.affected += affected.length;
    count.changed += changed.length;
  }
  console.log(
    `affected: ${numRuns + 5} random changes reach ${count.affected} targets, the bytes of ${count.changed} change`,
  );
}, 120_000);

/** Which targets a change is said to reach, and which it really changes. */
function outcome(change: Readonly<Record<string, string | undefined>>) {
  const tree = overlayTree(repository, change);
  const after = stateOf(tree);
  return {
    affected: affectedTargets(before.digests, after.digests, targets).map(targetName).sort(),
    changed: targets
      .map(targetName)
      .filter((name) => before.outputs.get(name) !== after.outputs.get(name))
      .sort(),
  };
}

function stateOf(tree: Tree) {
  const builder = createBuilder(tree);
  const reads = new Set<string>();
  const outputs = new Map(
    targets.map((target) => {
      try {
        const built = builder.build(target.directory);
        for (const file of built.reads) reads.add(file);
        return [targetName(target), printDocuments(built.resources.map(({ object }) => object))];
      } catch (error) {
        if (error instanceof SlipwayError) return [targetName(target), error.message];
        throw error;
      }
    }),
  );
  return { reads, outputs, digests: contentDigests(tree, targets) };
}

/** The file with one more field that no patch takes away; undefined for a file that holds no object. */
function loudly(file: string): string | undefined {
  const text = textOf(file);
  if (/kustomization\.yaml$/.test(file)) {
    const probe = "commonAnnotations:\n  slipway-probe: yes-1\n";
    return /^commonAnnotations:/m.test(text) ? undefined : `${text}${probe}`;
  }
  const isObject = /^kind: /m.test(text) && /^metadata:$/m.test(text) && !/\$patch/.test(text);
  // Settings that other objects are made from are not in the output themselves.
  if (text.includes("config.kubernetes.io/local-config")) return undefined;
  return isObject ? `${text}slipwayProbe: yes-1\n` : undefined;
}

function textOf(file: string): string {
  return readText(repository, file) ?? "";
}

function sample<Item>(items: readonly Item[]): readonly Item[] {
  const picks = fc.sample(fc.nat(items.length - 1), { numRuns, seed });
  return picks.flatMap((at) => items.slice(at, at + 1));
}
