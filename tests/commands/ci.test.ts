import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runOrThrow } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { folder, slipway } from "./slipway.ts";

/** Runs `check` on a small fleet where there is kustomize, but neither kubeconform nor Go. */
async function check(env: NodeJS.ProcessEnv, ...args: string[]) {
  const cwd = folder({
    "overlays/dev/web/kustomization.yaml": "resources: [config-map.yaml]\n",
    "overlays/dev/web/config-map.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {port: 80}\n",
  });
  const programs = folder();
  for (const [name, file] of [
    ["bash", "bash"],
    ["kustomize", await tool("kustomize")],
  ] as const) {
    symlinkSync((await runOrThrow("which", [file])).trim(), join(programs, name));
  }
  const tools = { PATH: programs, XDG_CACHE_HOME: folder() };
  return await slipway(["check", ...args], { cwd, env: { ...tools, ...env } });
}

test("slipway check at a desk says which check it skipped", async () => {
  const { stdout, stderr, exitCode } = await check({});
  expect(stdout).toMatch(/^Skipped schema-kubeconform: Cannot .* no Go on PATH/m);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 1 });
});

test("slipway check in CI exits with 2 where a check did not run", async () => {
  const { stdout, stderr, exitCode } = await check({ CI: "true" });
  expect(stdout).toContain("Skipped schema-kubeconform");
  expect(stderr).toBe(
    'Cannot vouch for the repository: "schema-kubeconform" did not run; make it run, or leave it out with --skip schema-kubeconform\n',
  );
  expect(exitCode).toBe(2);
});

test("slipway check in CI takes --skip for an answer", async () => {
  const { stdout, stderr, exitCode } = await check({ CI: "true" }, "--skip", "schema-kubeconform");
  expect(stdout).toContain("Skipped schema-kubeconform: left out with --skip");
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 1 });
});
