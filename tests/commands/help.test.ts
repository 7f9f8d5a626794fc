import { expect, test } from "vitest";
import { slipway } from "./slipway.ts";

const commands = [
  "check",
  "render",
  "explain",
  "build",
  "secrets",
  "bootstrap",
  "rehearse",
  "doctor",
  "completion",
];

test.each(commands)(
  "slipway %s --help fits a terminal and shows how it is called",
  async (name) => {
    const { stdout, stderr, exitCode } = await slipway([name, "--help"]);
    expect(stdout).toMatch(new RegExp(`^Usage: slipway ${name} `));
    expect(stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
    expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
    expect((await slipway(["help", name])).stdout).toBe(stdout);
  },
);

test("slipway --help lists every command", async () => {
  const { stdout, stderr, exitCode } = await slipway(["--help"]);
  const [, list = ""] = stdout.split("\nCommands:\n");
  const listed = (list.split("\n\n")[0] ?? "").matchAll(/^ {2}([a-z]+) .* {2}\S/gm);
  expect([...listed].map(([, name]) => name)).toEqual([...commands, "help"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect((await slipway(["-h"])).stdout).toBe(stdout);
});

test("slipway check --help", async () => {
  expect((await slipway(["check", "--help"])).stdout).toMatchInlineSnapshot(`
    "Usage: slipway check [options]

    Renders every overlay, Application and cluster directory as Argo CD would, runs
    every check on the result and prints what is wrong, with the file and line to
    fix. Needs no cluster.

    Options:
      --env <env>        one environment instead of all
      --app <app>        one app instead of all, and the Applications
      --reporter <name>  how findings are printed (choices: "text", "json",
                         "github", "sarif", default: "text")
      --skip <check...>  leave out a check; the report says so
      --timings          print how long each step took
      --since <ref>      only the targets that the changes since a commit reach
      --watch            check again whenever a file changes; only what it reaches
                         is rendered
      --engine <name>    what renders; kustomize builds everything too, and a
                         difference is a finding (choices: "slipway", "kustomize",
                         default: "slipway")
      -h, --help         print this help

    Examples:
      slipway check --env prod --app llm-runner-router
      slipway check --since main
    "
  `);
});

test("slipway render --help", async () => {
  expect((await slipway(["render", "--help"])).stdout).toMatchInlineSnapshot(`
    "Usage: slipway render [options] <target>

    Prints what Argo CD would apply for one target, byte for byte as kustomize does.

    Arguments:
      target           an environment and an app, or a directory such as
                       overlays/dev/my-app

    Options:
      --blame          before each line the file, the line and the operation that
                       set it
      --engine <name>  what renders (choices: "slipway", "kustomize", default:
                       "slipway")
      -h, --help       print this help

    Examples:
      slipway render dev/llm-runner-router | less
      slipway render prod/llm-runner-router --blame
    "
  `);
});

test("slipway doctor --help", async () => {
  expect((await slipway(["doctor", "--help"])).stdout).toMatchInlineSnapshot(`
    "Usage: slipway doctor [options]

    Looks for the programs that slipway starts and says what each command still
    needs. Exits with 0 where \`slipway check\` can run all its checks.

    Options:
      -h, --help  print this help

    Example:
      slipway doctor
    "
  `);
});

test("slipway completion --help", async () => {
  expect((await slipway(["completion", "--help"])).stdout).toMatchInlineSnapshot(`
    "Usage: slipway completion [options] <shell>

    Prints a script that completes commands, options, environments and apps.

    Arguments:
      shell       the shell (choices: "zsh", "bash", "fish", "powershell")

    Options:
      -h, --help  print this help

    Examples:
      source <(slipway completion bash)         in ~/.bashrc; zsh the same
      slipway completion fish | source          in ~/.config/fish/config.fish
      slipway completion powershell | Out-String | Invoke-Expression

    The shell must know slipway by its name: slipway() { npx slipway "$@"; }
    "
  `);
});

test("slipway --version prints a version", async () => {
  expect((await slipway(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
