import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { SlipwayError } from "../errors.ts";
import { run } from "./process.ts";
import { type Tool, type ToolName, tools } from "./tools.ts";

/** Called before a tool is built, with the time it takes from an empty Go cache. */
export type OnBuild = (name: ToolName, seconds: number) => void;

/**
 * The path of an outside program at its pinned version: the copy on PATH where it has that version,
 * else the one in the cache, built there by `go build` on first use.
 * Throws a `SlipwayError` where Go is missing or the build fails.
 */
export async function tool(name: ToolName, onBuild: OnBuild = () => {}): Promise<string> {
  const found = await findTool(name);
  if (found !== undefined) return found;
  const { seconds } = tools[name];
  onBuild(name, seconds);
  await build(name);
  return cachedPath(name);
}

/** The path of a tool that needs no build, or undefined. */
export async function findTool(name: ToolName): Promise<string | undefined> {
  const cached = cachedPath(name);
  if (existsSync(cached)) return cached;
  const { versionArgs, version }: Tool = tools[name];
  if (versionArgs === undefined) return undefined;
  const { stdout, exitCode } = await run(name, versionArgs);
  return exitCode === 0 && stdout.includes(version) ? name : undefined;
}

/** The folder for whatever can be made again: built tools, schemas, upstream sources. */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipway");
}

/** Where `scripts/tools/<module>` stands on disk: the folder of its `go.mod`. */
function moduleDirectory(module: Tool["module"]): string {
  return join(import.meta.dirname ?? "", module);
}

/** The Go on PATH, as `go1.26.8`, or undefined. */
export async function goVersion(): Promise<string | undefined> {
  const { stdout, exitCode } = await run("go", ["env", "GOVERSION"]);
  return exitCode === 0 ? stdout.trim() : undefined;
}

function cachedPath(name: ToolName): string {
  const { module, package: source, version, ldflags = "" }: Tool = tools[name];
  const key = createHash("sha256").update(`${process.platform}/${process.arch} ${ldflags}`);
  for (const file of ["go.mod", "go.sum", ...ownSource(source)]) {
    key.update(readFileSync(join(moduleDirectory(module), file)));
  }
  return join(
    cacheDirectory(),
    "tools",
    `${name}-${version}-${key.digest("hex").slice(0, 12)}`,
    name,
  );
}

/** A package of this repository is part of the key; a dependency's is pinned by go.sum. */
function ownSource(source: string): string[] {
  return source.startsWith("./") ? [join(source, "main.go")] : [];
}

async function build(name: ToolName): Promise<void> {
  const { module, package: source, version, ldflags = "" }: Tool = tools[name];
  if ((await goVersion()) === undefined) {
    throw new SlipwayError(
      `Cannot build "${name}" ${version}: there is no Go on PATH; install Go 1.26 or newer, or put ${name} ${version} on PATH`,
    );
  }
  const target = cachedPath(name);
  const unfinished = `${target}.${process.pid}`;
  mkdirSync(dirname(target), { recursive: true });
  const { exitCode, stderr } = await run(
    "go",
    [
      "build",
      "-mod=readonly",
      "-trimpath",
      "-ldflags",
      `-s -w ${ldflags}`.trim(),
      "-o",
      unfinished,
      source,
    ],
    { cwd: moduleDirectory(module), env: { ...process.env, CGO_ENABLED: "0" } },
  );
  if (exitCode !== 0) {
    rmSync(unfinished, { force: true });
    throw new SlipwayError(`Cannot build "${name}" ${version}: go build says: ${stderr.trim()}`);
  }
  // A rename is atomic: another process never runs half a binary.
  renameSync(unfinished, target);
}
