import { expect, test } from "vitest";
import { folder, slipway } from "./slipway.ts";

test.each([
  { args: ["chek"], says: 'Unknown command "chek": did you mean "check"?' },
  { args: ["frobnicate"], says: 'Unknown command "frobnicate"' },
  { args: ["--versoin"], says: 'Unknown option "--versoin": did you mean "--version"?' },
  { args: ["check", "--reportr"], says: 'Unknown option "--reportr": did you mean "--reporter"?' },
  {
    args: ["check", "--reporter", "xml"],
    says: 'Option "--reporter <name>" argument "xml" is invalid: allowed choices are text, json, github, sarif',
  },
  { args: ["check", "--env"], says: 'Option "--env <env>" argument missing' },
  {
    args: ["check", "--env", "prd"],
    says: 'Unknown environment "prd", did you mean "prod"? The environments are dev, staging, prod',
  },
  {
    args: ["check", "--env", "mars"],
    says: 'Unknown environment "mars": the environments are dev, staging, prod',
  },
  {
    args: ["check", "--app", "llm-runer-router"],
    says: /^Unknown app "llm-runer-router", did you mean "llm-runner-router"\? The apps are /,
  },
  { args: ["check", "--skip", "policy"], says: /^Unknown check "policy".* checks are layout, / },
  { args: ["render"], says: 'Missing required argument "target"' },
  {
    args: ["render", "dev", "router"],
    says: 'Too many arguments for "render": expected 1 argument but got 2: dev, router',
  },
  {
    args: ["render", "router"],
    says: /^Unknown target "router": write an environment and an app, such as "dev\//,
  },
  {
    args: ["render", "prd/llm-runner-router"],
    says: 'Unknown environment "prd", did you mean "prod"? The environments are dev, staging, prod',
  },
  {
    args: ["render", "dev/llm-runner-rooter"],
    says: /^Unknown target "llm-runner-rooter" in "dev", did you mean "llm-runner-router"\? The targets are /,
  },
  {
    args: ["render", "dev/nope"],
    says: /^Unknown target "nope" in "dev": the targets are clusters, apps, /,
  },
  { args: ["completion"], says: 'Missing required argument "shell"' },
  { args: ["completion", "csh"], says: /"csh" is invalid.* zsh, bash, fish, powershell$/ },
])("slipway $args exits with 2 and one sentence", async ({ args, says }) => {
  const { stdout, stderr, exitCode } = await slipway(args);
  expect(stderr).toMatch(/^[A-Z].*[^.\n]\n$/);
  expect(stderr.trimEnd()).toEqual(typeof says === "string" ? says : expect.stringMatching(says));
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
});

test.each([["check"], ["render", "dev/router"], ["secrets", "list"]])(
  "slipway %s outside a fleet exits with 2",
  async (...args) => {
    const cwd = folder();
    expect(await slipway(args, { cwd })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `Cannot find a fleet: neither "${cwd}" nor a directory above it holds "overlays/"; run slipway inside a clone of the repository\n`,
    });
  },
);

test("slipway without a command exits with 2 and prints the help on standard error", async () => {
  const { stdout, stderr, exitCode } = await slipway([]);
  expect(stderr).toMatch(/^Usage: slipway/);
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
});
