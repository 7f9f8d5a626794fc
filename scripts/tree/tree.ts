import { SlipwayError } from "../errors.ts";

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
  /** The bytes of a file, or undefined where there is none. Throws `UnreadableError`. */
  readonly read: (path: string) => Uint8Array | undefined;
  /**
   * What a directory holds, sorted by name; empty where there is no such directory. A link that
   * leads nowhere good is listed as a file, so that reading that one file fails and no other.
   */
  readonly list: (directory: string) => readonly TreeEntry[];
};

/**
 * A file that is there and cannot be read: too large, no permission, not text, a link that leaves
 * the repository or leads in a circle. Who reads one file of many turns it into a finding.
 */
export class UnreadableError extends SlipwayError {
  readonly path: string;
  readonly reason: string;
  constructor(path: string, reason: string) {
    super(`Cannot read "${path}": ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

/** No manifest is near this size; reading more would only fill memory. */
export const largestFile = 10 * 1024 * 1024;

/** The refusal of a file that is larger than `largestFile`. */
export function tooLarge(path: string, bytes: number): UnreadableError {
  const megabytes = (size: number) => `${Math.round(size / 1024 / 1024)} MB`;
  return new UnreadableError(
    path,
    `it has ${megabytes(bytes)} and the limit is ${megabytes(largestFile)}; a manifest this large is no source, keep it out of the tree`,
  );
}

/** The text of a UTF-8 file, or undefined where there is none. Throws `UnreadableError`. */
export function readText(tree: Tree, path: string): string | undefined {
  const bytes = tree.read(path);
  return bytes && decodeText(bytes, path);
}

/** The text of a file's bytes. Throws `UnreadableError` where they are not UTF-8. */
export function decodeText(bytes: Uint8Array, path: string): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new UnreadableError(path, "it is not UTF-8 text; save it in that encoding");
  }
}

/**
 * Every file below a directory, depth first, in the order of names. With `onUnreadable`, a directory
 * that cannot be read is told and passed over.
 */
export function* walk(
  tree: Tree,
  directory: string,
  onUnreadable?: (error: UnreadableError) => void,
): Generator<string> {
  let entries: readonly TreeEntry[] = [];
  try {
    entries = tree.list(directory);
  } catch (error) {
    if (onUnreadable === undefined || !(error instanceof UnreadableError)) throw error;
    onUnreadable(error);
  }
  for (const { name, kind } of entries) {
    const path = join(directory, name);
    if (kind === "directory") yield* walk(tree, path, onUnreadable);
    else yield path;
  }
}

/** Whether a path is a directory; the one above says so too, since a tree may not list what is empty. */
export function isDirectory(tree: Tree, path: string): boolean {
  if (path === "") return true;
  const name = baseName(path);
  const entry = tree.list(parent(path)).find((one) => one.name === name);
  return entry ? entry.kind === "directory" : tree.list(path).length > 0;
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

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

const decoder = new TextDecoder("utf-8", { fatal: true });
