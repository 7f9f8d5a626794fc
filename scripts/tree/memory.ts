import type { Tree, TreeEntry } from "./tree.ts";

/** A tree of the given files, by path. What tests and rehearsal commits render. */
export function memoryTree(files: Readonly<Record<string, string | Uint8Array>>): Tree {
  return overlayTree({ read: () => undefined, list: () => [] }, files);
}

/** A tree with some files changed or, where the value is undefined, removed. */
export function overlayTree(
  tree: Tree,
  changes: Readonly<Record<string, string | Uint8Array | undefined>>,
): Tree {
  return {
    read(path) {
      if (!Object.hasOwn(changes, path)) return tree.read(path);
      const content = changes[path];
      return typeof content === "string" ? encoder.encode(content) : content;
    },
    list(directory) {
      const prefix = directory === "" ? "" : `${directory}/`;
      const entries = new Map(tree.list(directory).map((entry) => [entry.name, entry]));
      for (const [path, content] of Object.entries(changes)) {
        if (!path.startsWith(prefix)) continue;
        const [name = "", ...rest] = path.slice(prefix.length).split("/");
        if (rest.length > 0) {
          if (content !== undefined) entries.set(name, { name, kind: "directory" });
        } else if (content === undefined) entries.delete(name);
        else entries.set(name, { name, kind: "file" });
      }
      return [...entries.values()].sort(byName);
    },
  };
}

function byName(a: TreeEntry, b: TreeEntry): number {
  return a.name < b.name ? -1 : 1;
}

const encoder = new TextEncoder();
