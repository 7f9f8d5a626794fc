import { createHash } from "node:crypto";
import { type Target, targetName } from "../fleet/target.ts";
import { type Tree, UnreadableError } from "../tree/tree.ts";
import { readGraph } from "./graph.ts";
import { readSources } from "./sources.ts";

/**
 * What each target is made of, as one digest: the names and bytes of every file that rendering it
 * reads. Two trees with the same digest render the same.
 */
export function contentDigests(
  tree: Tree,
  targets: readonly Target[],
): ReadonlyMap<string, string> {
  const sources = readSources(tree);
  const files = new Map<string, string>();
  const digestOf = (file: string) => {
    const known = files.get(file) ?? fileDigest(tree, file);
    files.set(file, known);
    return known;
  };
  return new Map(
    targets.map((target) => {
      const graph = readGraph(sources, target.directory);
      const content = createHash("sha256");
      for (const file of [...graph.files].sort()) content.update(`${file}\n${digestOf(file)}\n`);
      return [targetName(target), content.digest("hex")];
    }),
  );
}

/** The targets of a tree that a change reaches: new ones, and those made of other bytes than before. */
export function affectedTargets(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  targets: readonly Target[],
): readonly Target[] {
  return targets.filter((target) => {
    const name = targetName(target);
    return before.get(name) !== after.get(name);
  });
}

/** An absent file has a digest too: a target may wait for it. */
function fileDigest(tree: Tree, file: string): string {
  try {
    const bytes = tree.read(file);
    if (bytes === undefined) return "absent";
    const digest = digests.get(bytes) ?? createHash("sha256").update(bytes).digest("hex");
    digests.set(bytes, digest);
    return digest;
  } catch (error) {
    if (error instanceof UnreadableError) return error.reason;
    throw error;
  }
}

const digests = new WeakMap<Uint8Array, string>();
