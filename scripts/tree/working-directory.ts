import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { SlipwayError } from "../errors.ts";
import {
  baseName,
  join,
  largestFile,
  parent,
  type Tree,
  type TreeEntry,
  tooLarge,
  UnreadableError,
} from "./tree.ts";

/** The files below a directory on disk. Links are followed while they stay inside it. */
export function workingDirectory(root: string): Tree {
  const base = rootPath(root);
  /** Where listed directories really are: their files need no second look at every name of their path. */
  const listed = new Map<string, string>();
  /** Directories, no links, in a directory that was listed. */
  const plain = new Set<string>();

  /** Where a path really is; undefined where there is nothing. */
  function locate(path: string): string | undefined {
    const real = attempt(path, () => realpathSync(resolve(base, path)));
    if (real === undefined || isWithin(real, base)) return real;
    throw new UnreadableError(
      path,
      "it is a link that leaves the repository; put a copy inside it",
    );
  }

  /** What a link leads to. Whatever is wrong with it is said by `read`, so that one link hides no other file. */
  function linkKind(path: string): TreeEntry["kind"] {
    try {
      const target = locate(path);
      if (target === undefined || !statSync(target).isDirectory()) return "file";
      return leadsBack(path, target) ? "file" : "directory";
    } catch (error) {
      if (error instanceof UnreadableError) return "file";
      throw error;
    }
  }

  /** A link to a directory that it is itself reached through would be walked for ever. */
  function leadsBack(path: string, target: string): boolean {
    for (let above = parent(path); ; above = parent(above)) {
      const real = locate(above);
      if (real !== undefined && isWithin(real, target)) return true;
      if (above === "") return false;
    }
  }

  /** A plain file of a directory that was listed, by one look; undefined where it takes more. */
  function readListed(path: string): Uint8Array | undefined {
    const directory = listed.get(parent(path));
    if (directory === undefined) return undefined;
    const file = `${directory}/${baseName(path)}`;
    const stat = lstatSync(file);
    return stat.isFile() && stat.size <= largestFile ? readFileSync(file) : undefined;
  }

  return {
    read(path) {
      const bytes = attempt(path, () => readListed(path));
      if (bytes !== undefined) return bytes;
      const file = locate(path);
      if (file === undefined) {
        if (attempt(path, () => lstatSync(resolve(base, path))) === undefined) return undefined;
        throw new UnreadableError(path, "it is a link to nothing; remove it");
      }
      return attempt(path, () => {
        const stat = statSync(file);
        if (stat.isDirectory() && leadsBack(path, file)) {
          throw new UnreadableError(
            path,
            "it is a link that leads back to a directory above it; remove it",
          );
        }
        if (!stat.isFile()) return undefined;
        if (stat.size > largestFile) throw tooLarge(path, stat.size);
        return readFileSync(file);
      });
    },
    list(directory) {
      const entries = attempt(directory, () => {
        const above = plain.has(directory) ? listed.get(parent(directory)) : undefined;
        const real = above === undefined ? locate(directory) : `${above}/${baseName(directory)}`;
        if (real === undefined) return [];
        if (above === undefined && !statSync(real).isDirectory()) return [];
        const found = readdirSync(real, { withFileTypes: true });
        listed.set(directory, real);
        return found;
      });
      return (entries ?? [])
        .flatMap((entry): TreeEntry[] => {
          const { name } = entry;
          if (entry.isDirectory()) {
            plain.add(join(directory, name));
            return [{ name, kind: "directory" }];
          }
          if (entry.isFile()) return [{ name, kind: "file" }];
          if (!entry.isSymbolicLink()) return [];
          plain.delete(join(directory, name));
          return [{ name, kind: linkKind(join(directory, name)) }];
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

function rootPath(root: string): string {
  try {
    return realpathSync(root);
  } catch (error) {
    throw new SlipwayError(`Cannot read "${root}": ${reason(error)}`);
  }
}

function isWithin(path: string, directory: string): boolean {
  return (
    path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep)
  );
}

/** Runs a system call on a path: undefined where there is no such thing, one sentence where it fails. */
function attempt<T>(path: string, call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof UnreadableError) throw error;
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw new UnreadableError(path, reason(error));
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function reason(error: unknown): string {
  const known: Readonly<Record<string, string>> = {
    EACCES: "permission denied; make it readable",
    ELOOP: "its links lead in a circle; remove one of them",
    ENAMETOOLONG: "its name is too long",
    ENOENT: "there is no such file or directory",
  };
  const code = codeOf(error);
  return known[String(code)] ?? (error instanceof Error ? error.message : String(error));
}
