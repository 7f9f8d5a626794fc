import { join } from "node:path";
import { expect, test } from "vitest";
import { runOrThrow } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { folder, repository, slipway } from "./slipway.ts";

const target = "staging/llm-runner-router";
const expected = runOrThrow(await tool("kustomize"), ["build", `overlays/${target}`], {
  cwd: repository,
});

test.each([
  target,
  `overlays/${target}`,
  `overlays/${target}/`,
  `./overlays/${target}`,
  join(repository, "overlays", target),
])("slipway render %s prints what kustomize prints", async (name) => {
  const { stdout, stderr, exitCode } = await slipway(["render", name]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(stdout).toBe(await expected);
});

test("slipway render takes a directory from where the person stands", async () => {
  const cwd = join(repository, "overlays/staging");
  const { stdout } = await slipway(["render", "llm-runner-router"], { cwd });
  expect(stdout).toBe(await expected);
});

test("slipway render takes the directories of Applications and clusters", async () => {
  const { stdout } = await slipway(["render", "apps/dev"]);
  expect(stdout).toContain("kind: Application\n");
  expect((await slipway(["render", "dev/apps"])).stdout).toBe(stdout);
});

test("slipway render is silent where its reader goes away", async () => {
  const cwd = folder({
    "overlays/dev/web/kustomization.yaml": "resources: [config-map.yaml]\n",
    "overlays/dev/web/config-map.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {text: "${"long ".repeat(200_000)}"}\n`,
  });
  const command = `'${process.execPath}' run -A '${repository}/scripts/main.ts' render dev/web`;
  const script = `${command} 2>errors | head -1; echo "exit \${PIPESTATUS[0]}"; cat errors`;
  expect(await runOrThrow("bash", ["-c", script], { cwd })).toBe("apiVersion: v1\nexit 0\n");
});

test("slipway render of what does not render exits with 2 and names the file", async () => {
  const cwd = folder({ "overlays/dev/web/kustomization.yaml": "resources: [absent.yaml]\n" });
  const { stdout, stderr, exitCode } = await slipway(["render", "dev/web"], { cwd });
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
  expect(stderr).toMatch(
    /^Cannot render "dev\/web": .*\(overlays\/dev\/web\/kustomization.yaml:1:13\)\n$/,
  );
});
