import { expect, test } from "vitest";
import { runOrThrow } from "../../scripts/tools/process.ts";
import { folder, slipway } from "./slipway.ts";

test.each(["bash", "zsh", "fish", "powershell"])(
  "slipway completion %s prints a script that asks slipway",
  async (shell) => {
    const { stdout, stderr, exitCode } = await slipway(["completion", shell]);
    expect(stdout).toMatch(/slipway complete (--|'--')/);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  },
);

test("slipway completion bash prints a script that bash reads", async () => {
  const { stdout } = await slipway(["completion", "bash"]);
  expect(await runOrThrow("bash", ["-n"], { input: stdout })).toBe("");
});

test.each([
  { line: ["ch"], offers: ["check"] },
  { line: ["check", "--env", ""], offers: ["dev", "prod"] },
  { line: ["check", "--app", ""], offers: ["api", "web"] },
  { line: ["check", "--reporter", "s"], offers: ["sarif"] },
  { line: ["render", "dev/w"], offers: ["dev/web"] },
  { line: ["bootstrap", "p"], offers: ["prod"] },
  { line: ["completion", "z"], offers: ["zsh"] },
])("slipway complete -- $line", async ({ line, offers }) => {
  const cwd = folder({
    "overlays/dev/api/kustomization.yaml": "",
    "overlays/dev/web/kustomization.yaml": "",
    "overlays/prod/web/kustomization.yaml": "",
  });
  const { stdout, stderr, exitCode } = await slipway(["complete", "--", ...line], { cwd });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  // One line each: the value, a tab and what it is; last a number for the shell.
  const lines = stdout.trimEnd().split("\n");
  expect(lines.slice(0, -1).map((one) => one.split("\t")[0])).toEqual(offers);
  expect(lines.at(-1)).toMatch(/^:\d+$/);
});

test("slipway complete offers no names outside a fleet, and no error", async () => {
  const cwd = folder();
  expect(await slipway(["complete", "--", "render", ""], { cwd })).toEqual({
    exitCode: 0,
    stdout: ":4\n",
    stderr: "",
  });
});
