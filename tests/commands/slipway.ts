import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { type Output, run } from "../../scripts/tools/process.ts";

/** The root of the repository. */
export const repository = join(import.meta.dirname ?? "", "../..");

/** Runs the real command to its end, without colours and as outside of CI. */
export async function slipway(
  args: readonly string[],
  { cwd = repository, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Output> {
  const { CI: _, ...outer } = process.env;
  const main = join(repository, "scripts/main.ts");
  // By way of env: Deno rewrites a command line that begins with itself, and loses empty arguments.
  return await run("/usr/bin/env", [process.execPath, "run", "-A", main, ...args], {
    cwd,
    env: { ...outer, NO_COLOR: "1", ...env },
  });
}

/** A folder with the given files, gone after the test. */
export function folder(files: Readonly<Record<string, string>> = {}): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "slipway-test-")));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  return root;
}
