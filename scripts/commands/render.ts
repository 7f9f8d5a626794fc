import type { Command } from "commander";
import { SlipwayError } from "../errors.ts";
import { type Target, targetName } from "../fleet/target.ts";
import type { Tree } from "../tree/tree.ts";
import { type Engine, engineOption } from "./engine.ts";
import { prepare } from "./prepare.ts";
import { findRoot } from "./root.ts";
import { findTarget } from "./target.ts";

type Options = { readonly blame?: true; readonly engine: Engine };

/** Adds `slipway render`. */
export function register(program: Command): void {
  program
    .command("render")
    .summary("print what Argo CD would apply")
    .description("Prints what Argo CD would apply for one target, byte for byte as kustomize does.")
    .argument("<target>", "an environment and an app, or a directory such as overlays/dev/my-app")
    .option("--blame", "before each line the file, the line and the operation that set it")
    .addOption(engineOption("what renders").conflicts("blame"))
    .addHelpText(
      "after",
      "\nExamples:\n  slipway render dev/llm-runner-router | less\n  slipway render prod/llm-runner-router --blame",
    )
    .action(render);
}

async function render(name: string, { blame, engine }: Options): Promise<void> {
  const [{ readFleet }, { workingDirectory }] = await Promise.all([
    import("../fleet/fleet.ts"),
    import("../tree/working-directory.ts"),
  ]);
  const root = findRoot();
  const tree = workingDirectory(root);
  const target = findTarget(readFleet(tree), name, root);
  const print = blame ? printBlame : engine === "kustomize" ? printKustomize : printTarget;
  process.stdout.write(await print(tree, target));
}

async function printTarget(tree: Tree, target: Target): Promise<string> {
  const [{ buildTarget }, { printDocuments }] = await Promise.all([
    import("./build-target.ts"),
    import("../kustomize/yaml/print.ts"),
  ]);
  return printDocuments(buildTarget(tree, target).map(({ object }) => object));
}

async function printBlame(tree: Tree, target: Target): Promise<string> {
  const [{ buildTarget }, { blame }, { printBlame }] = await Promise.all([
    import("./build-target.ts"),
    import("../kustomize/story/blame.ts"),
    import("../kustomize/story/print-blame.ts"),
  ]);
  const { stdout } = process;
  const lines = buildTarget(tree, target).map(blame);
  return printBlame(lines, { colour: stdout.isTTY && stdout.hasColors() });
}

async function printKustomize(tree: Tree, target: Target): Promise<string> {
  const { buildWithKustomize } = await import("../render/oracle.ts");
  await prepare("kustomize");
  const { output, refusal } = await buildWithKustomize(tree, target);
  if (output !== undefined) return output;
  throw new SlipwayError(`Cannot render "${targetName(target)}": kustomize says: ${refusal}`);
}
