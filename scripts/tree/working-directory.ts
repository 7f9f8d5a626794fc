import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { SlipwayError } from "../errors.ts";
import type { Tree, TreeEntry } from "./tree.ts";

/** No manifest is near this size; reading more would only fill memory. */
const LARGEST_FILE = 10 * 1024 * 1024;

/** The files below a directory on disk. Links are followed while they stay inside it. */
export function workingDirectory(root: string): Tree {
  const base = realpathSync(root);

  function locate(path: string): string | undefined {
    try {
      const real = realpathSync(resolve(base, path));
      if (real === base || real.startsWith(base + sep)) return real;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw new SlipwayError(`Cannot read "${path}": ${reason(error)}`);
    }
    throw new SlipwayError(
      `Cannot read "${path}": it is a link that leaves "${base}"; put a copy inside the repository`,
    );
  }

  return {
    read(path) {
      const file = locate(path);
      if (file === undefined) return undefined;
      const stat = statSync(file);
      if (!stat.isFile()) return undefined;
      if (stat.size > LARGEST_FILE) {
        throw new SlipwayError(
          `Cannot read "${path}": it has ${Math.round(stat.size / 1024 / 1024)} MB and the limit is ${LARGEST_FILE / 1024 / 1024} MB; a manifest this large is no source, keep it out of the tree`,
        );
      }
      return readFileSync(file);
    },
    list(directory) {
      const real = locate(directory);
      if (real === undefined || !statSync(real).isDirectory()) return [];
      return readdirSync(real, { withFileTypes: true })
        .flatMap((entry): TreeEntry[] => {
          const { name } = entry;
          if (entry.isDirectory()) return [{ name, kind: "directory" }];
          if (entry.isFile()) return [{ name, kind: "file" }];
          if (!entry.isSymbolicLink()) return [];
          const target = locate(directory === "" ? name : `${directory}/${name}`);
          if (target === undefined) return [{ name, kind: "file" }];
          // A link to a directory above it would be walked for ever.
          if (real.startsWith(target)) {
            throw new SlipwayError(
              `Cannot read "${directory}/${name}": the link leads back to a directory above it; remove it`,
            );
          }
          return [{ name, kind: statSync(target).isDirectory() ? "directory" : "file" }];
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function reason(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ELOOP") {
    return "its links lead in a circle; remove one of them";
  }
  return error instanceof Error ? error.message : String(error);
}
