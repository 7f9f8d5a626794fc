import { join, type Tree, type TreeEntry, walk } from "./tree.ts";

/** A tree of the given files, by path. What tests and rehearsal commits render. */
export function memoryTree(files: Readonly<Record<string, string | Uint8Array>>): Tree {
  return overlayTree({ read: () => undefined, list: () => [] }, files);
}

/**
 * A tree with some files changed or, where the value is undefined, removed; a directory whose last
 * file is removed is gone with it.
 */
export function overlayTree(
  tree: Tree,
  changes: Readonly<Record<string, string | Uint8Array | undefined>>,
): Tree {
  const changed: Tree = {
    read(path) {
      if (!Object.hasOwn(changes, path)) return tree.read(path);
      const content = changes[path];
      return typeof content === "string" ? encoder.encode(content) : content;
    },
    list(directory) {
      const prefix = directory === "" ? "" : `${directory}/`;
      const touched = new Set<string>();
      const entries = new Map(tree.list(directory).map((entry) => [entry.name, entry]));
      for (const [path, content] of Object.entries(changes)) {
        if (!path.startsWith(prefix)) continue;
        const [name = "", ...rest] = path.slice(prefix.length).split("/");
        if (rest.length > 0) {
          if (content !== undefined) entries.set(name, { name, kind: "directory" });
          else touched.add(name);
        } else if (content === undefined) entries.delete(name);
        else entries.set(name, { name, kind: "file" });
      }
      for (const name of touched) {
        if (walk(changed, join(directory, name)).next().done) entries.delete(name);
      }
      return [...entries.values()].sort(byName);
    },
  };
  return changed;
}

function byName(a: TreeEntry, b: TreeEntry): number {
  return a.name < b.name ? -1 : 1;
}

const encoder = new TextEncoder();
