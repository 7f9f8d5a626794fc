import { baseName, isDirectory, join, parent, type Tree, UnreadableError } from "../tree/tree.ts";
import { BuildError } from "./build-error.ts";
import type { Scalar } from "./node/node.ts";
import type { Mark, SourceText } from "./node/origin.ts";
import { fileText } from "./yaml/source-text.ts";

/** A file that a kustomization names. */
export type Loaded = {
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Undefined where the bytes are no UTF-8 text. */
  readonly text: SourceText | undefined;
};

/** Reads a file that a kustomization names at `mark`. */
export type Load = (path: string, mark: Mark | undefined) => Loaded;

export type LoadRestrictor = "LoadRestrictionsRootOnly" | "LoadRestrictionsNone";

/** The files of a tree, each read and decoded once. */
export type Files = (path: string) => Loaded | undefined;

/** What one kustomization may reach from its directory, its root. */
export type Loader = {
  readonly root: string;
  /** The file at a path from the root; undefined where there is none. Throws where it may not be read. */
  readonly find: (path: string, mark: Mark | undefined) => Loaded | undefined;
  /** The file at a path from the root. Throws where there is none. */
  readonly load: Load;
  /** The directory at a path from the root, which must not be above it or above what refers to it. */
  readonly directory: (entry: Scalar) => string;
};

/** What a loader is made of. `ancestors` are the roots that lead here, the built directory first. */
export type LoaderContext = {
  readonly tree: Tree;
  readonly files: Files;
  readonly loadRestrictor: LoadRestrictor;
  /** Collects every path that is looked for, absent ones included. */
  readonly reads: Set<string>;
  readonly ancestors: readonly string[];
};

export function createFiles(tree: Tree): Files {
  const known = new Map<string, Loaded | undefined>();
  const directories = new Map<string, ReadonlySet<string> | undefined>();

  function mayBeThere(path: string): boolean {
    const directory = parent(path);
    if (!directories.has(directory)) directories.set(directory, fileNames(tree, directory));
    return directories.get(directory)?.has(baseName(path)) ?? true;
  }

  return (path) => {
    if (!known.has(path)) {
      const bytes = mayBeThere(path) ? tree.read(path) : undefined;
      known.set(path, bytes && { file: path, bytes, text: decoded(path, bytes) });
    }
    return known.get(path);
  };
}

/**
 * The files of a directory: most of what is looked for is absent (three names of a kustomization, a
 * file where there is a directory), and a look at a disk costs more than one into a set. Undefined
 * where the directory does not say; its files may be read all the same.
 */
function fileNames(tree: Tree, directory: string): ReadonlySet<string> | undefined {
  try {
    const files = tree.list(directory).filter(({ kind }) => kind === "file");
    return new Set(files.map(({ name }) => name));
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
}

/** The loader of the kustomization in the directory `root`. */
export function createLoader(root: string, context: LoaderContext): Loader {
  const { tree, files, loadRestrictor, reads, ancestors } = context;

  function find(path: string, mark: Mark | undefined): Loaded | undefined {
    refuseRemote(path, remoteFile, mark);
    const file = resolve(root, path);
    if (isOutside(file)) throw outsideTree(path, root, mark);
    reads.add(file);
    const loaded = readFile(files, file, mark);
    if (loaded !== undefined && loadRestrictor !== "LoadRestrictionsNone") {
      if (!isWithin(parent(file), root)) throw restricted(path, root, mark);
    }
    return loaded;
  }

  return {
    root,
    find,
    load(path, mark) {
      const loaded = find(path, mark);
      if (loaded !== undefined) return loaded;
      throw new BuildError(
        isDirectory(tree, resolve(root, path))
          ? `Cannot read "${path}" of "${root || "."}": it is a directory, and a file is expected`
          : `Cannot read "${path}" of "${root || "."}": there is no such file; create it, or correct the path`,
        { mark, file: root },
      );
    },
    directory(entry) {
      const { text: path, origin } = entry;
      const { mark } = origin;
      if (path === "")
        throw new BuildError(`Empty path in "${root || "."}": name a file or a directory`, {
          mark,
        });
      refuseRemote(path, repository, mark);
      const directory = resolve(root, path);
      if (isOutside(directory)) throw outsideTree(path, root, mark);
      if (readFile(files, directory, mark) !== undefined) {
        throw new BuildError(
          `"${path}" is a file, and a directory with a kustomization is expected`,
          { mark },
        );
      }
      if (!isDirectory(tree, directory)) throw missing(path, root, mark);
      if (path.startsWith("/")) {
        throw new BuildError(
          `"${path}" is an absolute path: name the directory by its path from "${root || "."}"`,
          { mark },
        );
      }
      for (const visited of [...ancestors, root]) {
        if (isWithin(visited, directory)) throw cycle(path, root, directory, visited, mark);
      }
      return directory;
    },
  };
}

/** Whether a path is a directory or below it. */
export function isWithin(path: string, directory: string): boolean {
  return directory === "" || path === directory || path.startsWith(`${directory}/`);
}

/** A path of the tree; one that begins with `/` is from its root. */
function resolve(root: string, path: string): string {
  return path.startsWith("/") ? join(path) : join(root, path);
}

function isOutside(path: string): boolean {
  return path === ".." || path.startsWith("../");
}

function readFile(files: Files, path: string, mark: Mark | undefined): Loaded | undefined {
  try {
    return files(path);
  } catch (error) {
    if (error instanceof UnreadableError) throw new BuildError(error.message, { mark, file: path });
    throw error;
  }
}

function decoded(file: string, bytes: Uint8Array): SourceText | undefined {
  try {
    return fileText(file, decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What Kustomize would download as a file, and what it would clone. */
const remoteFile = /^https?:/i;
const repository = /^(git::)?((https?|ssh|git|file):\/\/|[^/@\s]+@[^/:\s]+[:/]|github\.com[:/])/i;

function refuseRemote(path: string, pattern: RegExp, mark: Mark | undefined): void {
  if (!pattern.test(path)) return;
  throw new BuildError(
    `Cannot load "${path}": remote files and repositories are not supported; keep a copy in the repository and name it by its path`,
    { mark },
  );
}

function outsideTree(path: string, root: string, mark: Mark | undefined): BuildError {
  return new BuildError(
    `Cannot read "${path}" of "${root || "."}": it is outside of the repository; put a copy inside it`,
    { mark },
  );
}

function restricted(path: string, root: string, mark: Mark | undefined): BuildError {
  return new BuildError(
    `Cannot read "${path}": it is not in or below "${root || "."}", the directory of its kustomization`,
    {
      mark,
      help: 'Move the file below it, make its directory a base or a component, or build with "--load-restrictor LoadRestrictionsNone"',
    },
  );
}

function missing(path: string, root: string, mark: Mark | undefined): BuildError {
  return new BuildError(
    `Cannot find "${path}" of "${root || "."}": there is no such file or directory; create it, or correct the path`,
    { mark },
  );
}

function cycle(
  path: string,
  root: string,
  directory: string,
  visited: string,
  mark: Mark | undefined,
): BuildError {
  return new BuildError(
    directory === visited
      ? `"${path}" of "${root || "."}" leads back to "${visited || "."}", which it is built for: remove one of the entries that make the circle`
      : `"${path}" of "${root || "."}" is above "${visited || "."}", which it is built for: a kustomization can only name directories beside or below it`,
    { mark },
  );
}
