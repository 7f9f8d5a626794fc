import type { OptionHandler } from "@bomb.sh/tab";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { type Fleet, readFleet } from "../fleet/fleet.ts";
import { targetName } from "../fleet/target.ts";
import { workingDirectory } from "../tree/working-directory.ts";
import { findRoot } from "./root.ts";

/** Adds `slipway completion`; every other command must be registered before, since it reads them. */
export function register(program: Command): void {
  const root = tab(program, { completionCommandName: "completion" });
  const command = program.commands.find((one) => one.name() === "completion");
  command
    ?.summary("print a completion script for a shell")
    .description("Prints a script that completes commands, options, environments and apps.")
    .addHelpText("after", help);
  for (const argument of command?.registeredArguments ?? []) argument.description = "the shell";
  for (const [path, entry] of root.commands) {
    entry.description = summaryOf(program, path);
    for (const [name, complete] of Object.entries(completions)) {
      for (const part of [entry.options.get(name), entry.arguments.get(name)]) {
        if (part) part.handler = complete;
      }
    }
  }
}

const help = `
Examples:
  source <(slipway completion bash)         in ~/.bashrc; zsh the same
  slipway completion fish | source          in ~/.config/fish/config.fish
  slipway completion powershell | Out-String | Invoke-Expression

The shell must know slipway by its name: slipway() { npx slipway "$@"; }`;

/** What completes an option or an argument of the given name. */
const completions: Readonly<Record<string, OptionHandler>> = {
  env: (complete) => {
    for (const environment of fleet().environments) complete(environment, "");
  },
  app: (complete) => {
    for (const app of fleet().apps) complete(app, "");
  },
  target: (complete) => {
    for (const target of fleet().targets) complete(targetName(target), target.directory);
  },
};

/** The one line of a command: what is offered to a shell must not have a second. */
function summaryOf(program: Command, path: string): string {
  const command = path
    .split(" ")
    .reduce<Command | undefined>(
      (parent, name) => parent?.commands.find((child) => child.name() === name),
      program,
    );
  return command?.summary() || (command?.description() ?? "");
}

/** Outside a fleet there is nothing to complete, and a prompt is no place for an error. */
function fleet(): Fleet {
  try {
    return readFleet(workingDirectory(findRoot()));
  } catch {
    return { environments: [], apps: [], targets: [] };
  }
}
