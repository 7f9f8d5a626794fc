import { parent, type Tree, type TreeEntry } from "./tree.ts";

/** A tree that reads each file and directory once, until it is told that one has changed. */
export type RememberingTree = {
  /** The tree as it stands now; a file that has not changed is the very same bytes as before. */
  readonly now: () => Tree;
  /** Says that these paths have changed, appeared or gone, and what is below them. */
  readonly forget: (paths: Iterable<string>) => void;
};

export function rememberingTree(tree: Tree): RememberingTree {
  const files = new Map<string, Uint8Array | undefined>();
  const directories = new Map<string, readonly TreeEntry[]>();
  return {
    now: () => ({
      read: (path) => remembered(files, path, tree.read),
      list: (directory) => remembered(directories, directory, tree.list),
    }),
    forget(paths) {
      for (const path of paths) {
        for (const known of [files, directories]) {
          for (const key of known.keys()) {
            if (key === path || path === "" || key.startsWith(`${path}/`)) known.delete(key);
          }
        }
        // A new file is news to every directory on the way to it.
        for (let above = path; above !== ""; ) {
          above = parent(above);
          directories.delete(above);
        }
      }
    },
  };
}

/** What cannot be read is asked for again: it may have been mended. */
function remembered<T>(known: Map<string, T>, key: string, read: (key: string) => T): T {
  if (!known.has(key)) known.set(key, read(key));
  return known.get(key) as T;
}
