import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { SlipwayError } from "../errors.ts";
import { run } from "../tools/process.ts";
import { cacheDirectory, goVersion } from "../tools/tool.ts";
import { moduleAt, upstreamModules } from "./modules.ts";

/** A repository of somebody else at a release, as an Application's source names it. */
export type Upstream = { readonly repoURL: string; readonly targetRevision: string };

/**
 * A folder with the files of an upstream repository at a tag: its Go module where we know one and Go
 * is on PATH, else fetched by git once into the cache. Throws a `SlipwayError` where neither has it.
 */
export async function upstreamFolder(upstream: Upstream): Promise<string> {
  const module = upstreamModules[upstream.repoURL];
  if (module === undefined || (await goVersion()) === undefined) return await fetchTag(upstream);
  try {
    return await moduleAt(module, upstream.targetRevision);
  } catch (error) {
    // What is not what its checksum says is no reason to take it from elsewhere.
    if (!(error instanceof SlipwayError) || error.message.includes("SECURITY ERROR")) throw error;
    return await fetchTag(upstream).catch((other) => {
      throw other instanceof SlipwayError
        ? new SlipwayError(`${other.message}; its Go module is not there either: ${error.message}`)
        : other;
    });
  }
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
  const { exitCode, stderr } = await run(
    "git",
    ["clone", "--quiet", "--depth=1", `--branch=${targetRevision}`, repoURL, unfinished],
    // Where there is no such repository, git would ask for a password.
    { env: { ...process.env, GIT_TERMINAL_PROMPT: "0" } },
  );
  if (exitCode !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new SlipwayError(
      `Cannot fetch "${repoURL}" at "${targetRevision}": git says: ${stderr.trim().replace(/\s*\n\s*/g, " ")}`,
    );
  }
  renameSync(unfinished, folder);
  return folder;
}
