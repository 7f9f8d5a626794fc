import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CORE_SCHEMA, dump, load } from "js-yaml";
import { kustomizationNames } from "../render/kustomization.ts";
import { run } from "../tools/process.ts";
import { workingDirectory } from "../tree/working-directory.ts";
import { list, mapping } from "../yaml/value.ts";
import { type KustomizeOverrides, refusal, type UpstreamSource } from "./source.ts";

/**
 * What kustomize prints for a source that consists of the given files. As Argo CD does it, overrides
 * go into the kustomization of the source's own path: in one above it, an image would have the name
 * that this one gives it already.
 */
export async function buildKustomization(
  kustomize: string,
  folder: string,
  source: UpstreamSource,
  files: readonly string[],
): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), "slipway-upstream-"));
  try {
    copyFiles(folder, files, copy);
    const directory = join(copy, source.path);
    for (const args of edits(source.kustomize ?? {})) await call("edit", ...args);
    addPatches(directory, source.kustomize?.patches ?? []);
    return await call("build", ".");

    async function call(...args: readonly string[]): Promise<string> {
      const { stdout, stderr, exitCode } = await run(kustomize, args, { cwd: directory });
      if (exitCode === 0) return stdout;
      // Warnings about deprecated fields come first.
      const words = stderr.slice(Math.max(0, stderr.search(/^Error: /m)));
      throw refusal(source, `kustomize says: ${words.replaceAll(`${copy}/`, "")}`);
    }
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** In Argo CD's order; patches follow, for which kustomize has no command. */
function edits({ images = [], replicas = [], namespace }: KustomizeOverrides): string[][] {
  const counts = replicas.map(({ name, count }) => `${name}=${count}`);
  return [
    ...(images.length > 0 ? [["set", "image", ...images]] : []),
    ...(counts.length > 0 ? [["set", "replicas", ...counts]] : []),
    ...(namespace ? [["set", "namespace", "--", namespace]] : []),
  ];
}

function addPatches(directory: string, patches: readonly object[]): void {
  const file = kustomizationNames.map((name) => join(directory, name)).find(existsSync);
  if (file === undefined || patches.length === 0) return;
  const kustomization = mapping(load(readFileSync(file, "utf8"), { schema: CORE_SCHEMA }));
  const all = [...list(kustomization.patches), ...patches];
  writeFileSync(file, dump({ ...kustomization, patches: all }));
}

/** Files of a Go module cannot be written to. */
function copyFiles(folder: string, files: readonly string[], copy: string): void {
  const tree = workingDirectory(folder);
  for (const file of files) {
    const content = tree.read(file);
    if (content === undefined) continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), content);
  }
}
