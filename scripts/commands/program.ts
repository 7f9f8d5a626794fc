import { styleText } from "node:util";
import { Command } from "commander";
import manifest from "../../package.json" with { type: "json" };

type CommandFile = { readonly register: (program: Command) => void };

const commands: Readonly<Record<string, () => Promise<CommandFile>>> = {
  check: () => import("./check.ts"),
  render: () => import("./render.ts"),
  explain: () => import("./explain.ts"),
  build: () => import("./build.ts"),
  secrets: () => import("./secrets.ts"),
  bootstrap: () => import("./bootstrap.ts"),
  rehearse: () => import("./rehearse.ts"),
  doctor: () => import("./doctor.ts"),
  completion: () => import("./completion.ts"),
};

/** `slipway` with the command that the arguments name, or with all of them where they name none. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("slipway")
    .description("Says before a merge what a cluster would say after it")
    .version(manifest.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", examples)
    .configureHelp({ styleTitle: (title) => styleText("bold", title) })
    .configureOutput({ outputError: (text, write) => write(sentence(text)) })
    .exitOverride();
  for (const load of chosen(args)) (await load()).register(program);
  return program;
}

const examples = `
Examples:
  slipway check                             every check on the whole repository
  slipway check --env prod                  on one environment
  slipway check --since main                what a branch reaches
  slipway render dev/llm-runner-router      what Argo CD would apply
  slipway explain prod/llm-runner-router Deployment/llm-runner-router spec.replicas
                                            where a value comes from

Exit codes: 0 nothing is wrong, 1 there are findings, 2 the work could not be done`;

/** A run pays only for the command it names; help and completion need to know them all. */
function chosen(args: readonly string[]): (() => Promise<CommandFile>)[] {
  const [name = ""] = args;
  const load = Object.hasOwn(commands, name) && name !== "completion" ? commands[name] : undefined;
  return load ? [load] : Object.values(commands);
}

/** Commander's errors in the words of ours: `Unknown option "--foo": did you mean "--bar"?` */
function sentence(text: string): string {
  const plain = text
    .trim()
    .replace(/^error: /, "")
    .replaceAll(/'([^']*)'/g, '"$1"')
    .replace(/\s+\(Did you mean one of (.*)\?\)$/, ": did you mean one of $1?")
    .replace(/\s+\(Did you mean (.*)\?\)$/, ': did you mean "$1"?')
    .replace(/\. ([A-Z])/, (_, letter: string) => `: ${letter.toLowerCase()}`)
    .replace(/\.$/, "");
  return `${plain.charAt(0).toUpperCase()}${plain.slice(1)}\n`;
}
