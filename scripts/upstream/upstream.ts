import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipwayError } from "../errors.ts";
import { run } from "../tools/process.ts";
import { moduleFolders, type PinnedModule } from "../tools/schemas/go-modules.ts";
import { cacheDirectory, goVersion } from "../tools/tool.ts";

/** A repository of somebody else at a release, as an Application's source names it. */
export type Upstream = { readonly repoURL: string; readonly targetRevision: string };

/**
 * Upstream repositories whose Go module we pin anyway, because a program of ours is built from it:
 * the module holds the same files as the tag, proved by Go's checksum database.
 */
const modules: Readonly<Record<string, PinnedModule & { readonly tag: string }>> = {
  "https://github.com/argoproj/argo-cd.git": {
    module: "github.com/argoproj/argo-cd/v3",
    pinnedIn: "control-plane",
    tag: "v3.5.7",
  },
};

/**
 * A folder with the files of an upstream repository at a tag: from the pinned Go module where Go is
 * on PATH, else fetched by git once into the cache. Throws a `SlipwayError` where neither has it.
 */
export async function upstreamFolder(upstream: Upstream): Promise<string> {
  const module = modules[upstream.repoURL];
  if (module?.tag === upstream.targetRevision && (await goVersion()) !== undefined) {
    const [folder = ""] = await moduleFolders([module]);
    return folder;
  }
  return await fetchTag(upstream);
}

async function fetchTag({ repoURL, targetRevision }: Upstream): Promise<string> {
  const key = createHash("sha256")
    .update(`${repoURL} ${targetRevision}`)
    .digest("hex")
    .slice(0, 12);
  const folder = join(cacheDirectory(), "upstream", key);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const unfinished = mkdtempSync(`${folder}.`);
  const { exitCode, stderr } = await run("git", [
    "clone",
    "--quiet",
    "--depth=1",
    `--branch=${targetRevision}`,
    repoURL,
    unfinished,
  ]);
  if (exitCode !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new SlipwayError(
      `Cannot fetch "${repoURL}" at "${targetRevision}": git says: ${stderr.trim()}`,
    );
  }
  renameSync(unfinished, folder);
  return folder;
}
