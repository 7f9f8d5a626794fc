import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fleetDirectories } from "../fleet/fleet.ts";
import { type Tree, UnreadableError, walk } from "../tree/tree.ts";

/** Lends the manifests of a tree, which may be in memory or in git, as a folder on disk for a while. */
export async function withFolder<Result>(
  tree: Tree,
  use: (root: string) => Promise<Result>,
): Promise<Result> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "slipway-render-")));
  try {
    for (const directory of fleetDirectories) {
      for (const file of walk(tree, directory, () => {})) writeCopy(tree, file, root);
    }
    return await use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** What cannot be read is left out; where a target needs it, its graph says so. */
function writeCopy(tree: Tree, file: string, root: string): void {
  try {
    const content = tree.read(file);
    if (content === undefined) return;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
  }
}
