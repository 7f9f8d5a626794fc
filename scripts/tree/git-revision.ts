import { SlipwayError } from "../errors.ts";
import { fleetDirectories } from "../fleet/fleet.ts";
import { run } from "../tools/process.ts";
import { memoryTree } from "./memory.ts";
import { join, largestFile, parent, type Tree, tooLarge, UnreadableError } from "./tree.ts";

/**
 * The files of a commit, straight from the object database of the repository at `root`: no checkout,
 * and the working tree is not looked at. Only the given directories are read.
 * Throws a `SlipwayError` where there is no such commit.
 */
export async function gitTree(
  root: string,
  ref: string,
  directories: readonly string[] = fleetDirectories,
): Promise<Tree> {
  const commit = await resolveCommit(root, ref);
  const entries = (await listEntries(root, commit)).filter(({ path }) =>
    directories.some((directory) => path.startsWith(`${directory}/`)),
  );
  const blobs = await readBlobs(
    root,
    entries.filter(({ size }) => size <= largestFile).map(({ object }) => object),
  );
  const files: Record<string, Uint8Array> = {};
  const links = new Map<string, string>();
  const refused = new Map<string, UnreadableError>();
  for (const { path, object, size, isLink } of entries) {
    const content = blobs.get(object);
    if (content === undefined) refused.set(path, tooLarge(path, size));
    else if (isLink) links.set(path, join(parent(path), new TextDecoder().decode(content)));
    files[path] = content ?? new Uint8Array();
  }
  return followLinks(memoryTree(files), links, refused);
}

type Entry = {
  readonly path: string;
  readonly object: string;
  readonly size: number;
  readonly isLink: boolean;
};

async function resolveCommit(root: string, ref: string): Promise<string> {
  const { stdout, stderr, exitCode } = await git(root, [
    "rev-parse",
    "--verify",
    "--quiet",
    "--end-of-options",
    `${ref}^{commit}`,
  ]);
  if (exitCode === 0) return stdout.trim();
  throw new SlipwayError(
    stderr.trim() === ""
      ? `Cannot read "${ref}": the repository has no such commit; fetch it, or name another`
      : `Cannot read "${ref}": git says: ${stderr.trim()}`,
  );
}

async function listEntries(root: string, commit: string): Promise<Entry[]> {
  const { stdout, stderr, exitCode } = await git(root, ["ls-tree", "-r", "-l", "-z", commit]);
  if (exitCode !== 0) throw new SlipwayError(`Cannot read "${commit}": git says: ${stderr.trim()}`);
  return stdout.split("\0").flatMap((line): Entry[] => {
    const [, mode, type, object = "", size, path = ""] =
      /^(\d+) (\w+) (\w+) +(\S+)\t(.*)$/s.exec(line) ?? [];
    return type === "blob" ? [{ path, object, size: Number(size), isLink: mode === "120000" }] : [];
  });
}

/** Every blob by one process. Base64 carries the bytes: a process's output is text here. */
async function readBlobs(
  root: string,
  objects: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { stdout, stderr, exitCode } = await run(
    "bash",
    ["-o", "pipefail", "-c", "git cat-file --batch | base64"],
    { cwd: root, input: [...new Set(objects)].map((object) => `${object}\n`).join("") },
  );
  if (exitCode !== 0) throw new SlipwayError(`Cannot read blobs: git says: ${stderr.trim()}`);
  const output = Buffer.from(stdout, "base64");
  const blobs = new Map<string, Uint8Array>();
  for (let at = 0; at < output.length; ) {
    const headerEnd = output.indexOf("\n", at);
    const [object = "", , size] = output.toString("utf8", at, headerEnd).split(" ");
    const end = headerEnd + 1 + Number(size);
    blobs.set(object, output.subarray(headerEnd + 1, end));
    at = end + 1;
  }
  return blobs;
}

function git(root: string, args: readonly string[]) {
  return run("git", args, { cwd: root });
}

/** Links as in a working directory: followed to files and directories of the same tree. */
function followLinks(
  tree: Tree,
  links: ReadonlyMap<string, string>,
  refused: ReadonlyMap<string, UnreadableError>,
): Tree {
  /** The path with every link on the way replaced; undefined where they lead in a circle. */
  function follow(path: string): string | undefined {
    let [done, rest] = ["", path];
    for (let hops = 0; rest !== ""; ) {
      const [name = ""] = rest.split("/", 1);
      const next = join(done, name);
      rest = rest.slice(name.length + 1);
      const target = links.get(next);
      if (target === undefined) {
        done = next;
      } else {
        hops += 1;
        if (hops > 40) return undefined;
        [done, rest] = ["", join(target, rest)];
      }
    }
    return done;
  }

  function leadsBack(path: string, target: string): boolean {
    for (let above = parent(path); ; above = parent(above)) {
      const real = follow(above) ?? "";
      if (real === target || real.startsWith(target === "" ? "" : `${target}/`)) return true;
      if (above === "") return false;
    }
  }

  function isDirectory(path: string): boolean {
    return tree.list(path).length > 0;
  }

  return {
    read(path) {
      const real = follow(path);
      const isLink = links.has(join(follow(parent(path)) ?? "", path.slice(parent(path).length)));
      if (real === undefined) {
        throw new UnreadableError(path, "its links lead in a circle; remove one of them");
      }
      if (real.startsWith("..")) {
        throw new UnreadableError(
          path,
          "it is a link that leaves the repository; put a copy inside it",
        );
      }
      if (isLink && isDirectory(real) && leadsBack(path, real)) {
        throw new UnreadableError(
          path,
          "it is a link that leads back to a directory above it; remove it",
        );
      }
      const refusal = refused.get(real);
      if (refusal !== undefined) throw refusal;
      const content = tree.read(real);
      if (isLink && content === undefined && !isDirectory(real)) {
        throw new UnreadableError(path, "it is a link to nothing; remove it");
      }
      return content;
    },
    list(directory) {
      const real = follow(directory);
      if (real === undefined || real.startsWith("..")) return [];
      return tree.list(real).map(({ name, kind }) => {
        const path = join(directory, name);
        const target = links.has(join(real, name)) ? follow(join(real, name)) : undefined;
        if (target === undefined || target.startsWith("..")) return { name, kind };
        const walkable = isDirectory(target) && !leadsBack(path, target);
        return { name, kind: walkable ? "directory" : "file" };
      });
    },
  };
}
