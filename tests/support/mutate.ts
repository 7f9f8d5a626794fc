import { dirname } from "node:path";
import type { Check } from "../../scripts/checks/check.ts";
import type { Finding } from "../../scripts/checks/finding.ts";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { targetName } from "../../scripts/fleet/target.ts";
import { readGraph, unique } from "../../scripts/render/graph.ts";
import type { Rendering } from "../../scripts/render/render.ts";
import { readSources } from "../../scripts/render/sources.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { readText, type Tree } from "../../scripts/tree/tree.ts";
import { workingDirectory } from "../../scripts/tree/working-directory.ts";

/** A file's new text, how its text changes, or `undefined` where the file is removed. */
export type Change = string | Uint8Array | undefined | ((text: string) => string);

/** The repository as it stands on disk. */
export const repository: Tree = workingDirectory(dirname(dirname(import.meta.dirname ?? "")));

/** Replaces one piece of text; a mutation that no longer fits its file fails loudly. */
export function replace(from: string, to: string): (text: string) => string {
  return (text) => {
    if (text.split(from).length !== 2) throw new Error(`Not exactly one ${JSON.stringify(from)}`);
    return text.replace(from, () => to);
  };
}

/** Adds a line after the one with the given text. */
export function insertAfter(line: string, added: string): (text: string) => string {
  return replace(`${line}\n`, `${line}\n${added}\n`);
}

/** Removes the line with the given text. */
export function removeLine(line: string): (text: string) => string {
  return replace(`${line}\n`, "");
}

/** The repository with some files changed. */
export function mutate(changes: Readonly<Record<string, Change>>): Tree {
  return overlayTree(
    repository,
    Object.fromEntries(
      Object.entries(changes).map(([file, change]) => {
        if (typeof change !== "function") return [file, change];
        const text = readText(repository, file);
        if (text === undefined) throw new Error(`There is no ${file} to change`);
        return [file, change(text)];
      }),
    ),
  );
}

/** What renderer and checks find in the changed repository and not in the one on disk. */
export async function findingsAfter(
  changes: Readonly<Record<string, Change>>,
  checks: readonly Check[],
): Promise<readonly Finding[]> {
  baseline ??= renderAll(repository);
  const before = await baseline;
  const known = await knownFindings(before, checks);
  const tree = mutate(changes);
  const after = await renderAll(tree, before, Object.keys(changes));
  return (await findings(tree, after, checks)).filter((finding) => !known.has(identity(finding)));
}

type Rendered = ReadonlyMap<
  string,
  { readonly rendering: Rendering; readonly files: ReadonlySet<string> }
>;

let baseline: Promise<Rendered> | undefined;
const known = new Map<readonly Check[], Promise<ReadonlySet<string>>>();

/** What is wrong with the repository as it stands, once for each list of checks. */
function knownFindings(before: Rendered, checks: readonly Check[]): Promise<ReadonlySet<string>> {
  const found =
    known.get(checks) ??
    findings(repository, before, checks).then((all) => new Set(all.map(identity)));
  known.set(checks, found);
  return found;
}

/** Renders every target; one that no change reaches is taken from before. */
async function renderAll(
  tree: Tree,
  before: Rendered = new Map(),
  changed: readonly string[] = [],
): Promise<Rendered> {
  const sources = readSources(tree);
  const targets = readFleet(tree).targets.map((target) => {
    const { files } = readGraph(sources, target.directory);
    const old = before.get(target.directory);
    const isSame = old && !changed.some((file) => files.has(file) || old.files.has(file));
    return { target, files, rendering: isSame ? old.rendering : undefined };
  });
  const stale = targets.filter(({ rendering }) => rendering === undefined);
  const fresh = await renderTargets(
    tree,
    stale.map(({ target }) => target),
  );
  return new Map(
    targets.map(({ target, files, rendering }) => {
      const found = rendering ?? fresh.find((one) => one.target === target);
      if (found === undefined) throw new Error(`${targetName(target)} was not rendered`);
      return [target.directory, { rendering: found, files }];
    }),
  );
}

async function findings(
  tree: Tree,
  rendered: Rendered,
  checks: readonly Check[],
): Promise<Finding[]> {
  const renderings = [...rendered.values()].map(({ rendering }) => rendering);
  const running = new Set(checks.map(({ id }) => id));
  const context = { tree, fleet: readFleet(tree), renderings, running };
  const results = await Promise.all(checks.map(({ run }) => run(context)));
  return unique([
    ...renderings.flatMap(({ findings }) => findings),
    ...results.flatMap((result) => (result.status === "ran" ? result.findings : [])),
  ]);
}

/** A line that moved because another was added above it is not news. */
function identity({ place: _, ...finding }: Finding): string {
  return JSON.stringify(finding);
}
