/** One name in a directory. */
export type TreeEntry = {
  readonly name: string;
  readonly kind: "file" | "directory";
};

/**
 * The one way to read the repository's files. Paths are relative to its root, with `/` between
 * names and no leading `./`; the root itself is the empty string.
 */
export type Tree = {
  /** The bytes of a file, or undefined where there is none. */
  readonly read: (path: string) => Uint8Array | undefined;
  /** What a directory holds, sorted by name; empty where there is no such directory. */
  readonly list: (directory: string) => readonly TreeEntry[];
};

/** The text of a UTF-8 file, or undefined where there is none. Throws a `TypeError` on other bytes. */
export function readText(tree: Tree, path: string): string | undefined {
  const bytes = tree.read(path);
  return bytes && decoder.decode(bytes);
}

/** Every file below a directory, depth first, in the order of names. */
export function* walk(tree: Tree, directory: string): Generator<string> {
  for (const { name, kind } of tree.list(directory)) {
    const path = join(directory, name);
    if (kind === "directory") yield* walk(tree, path);
    else yield path;
  }
}

/** Joins and normalises a path: `join("overlays/dev/a", "../../../base/a")` is `base/a`. */
export function join(...parts: readonly string[]): string {
  const names: string[] = [];
  for (const name of parts.join("/").split("/")) {
    if (name === "" || name === ".") continue;
    if (name === ".." && names.length > 0 && names.at(-1) !== "..") names.pop();
    else names.push(name);
  }
  return names.join("/");
}

/** The directory a path stands in; the empty string at the root. */
export function parent(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

const decoder = new TextDecoder("utf-8", { fatal: true });
