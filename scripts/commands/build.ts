import { statSync, writeFileSync } from "node:fs";
import { join, parse, relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { BuildOptions } from "../kustomize/build.ts";
import type { Resource } from "../kustomize/resource/resource.ts";

/** Adds `slipway build`. */
export function register(program: Command): void {
  program
    .command("build")
    .summary("build a kustomization, as kustomize build does")
    .description(
      "Builds kustomizations byte for byte as `kustomize build` does, inside a fleet or anywhere else.",
    )
    .argument("[dirs...]", "directories with a kustomization.yaml", ["."])
    .addOption(
      new Option("--load-restrictor <name>", "whether files may lie outside of their directory")
        .choices(["LoadRestrictionsRootOnly", "LoadRestrictionsNone"])
        .default("LoadRestrictionsRootOnly"),
    )
    .addOption(
      new Option(
        "--reorder <order>",
        "by kind, or as gathered, where no sortOptions say it",
      ).choices(["legacy", "none"]),
    )
    .option("--enable-managedby-label", "label everything app.kubernetes.io/managed-by")
    .option("-o, --output <path>", "write to a file, or a file for each object to a directory")
    .addHelpText("after", "\nExample:\n  slipway build overlays/dev/my-app | kubectl diff -f -")
    .action(build);
}

type Flags = {
  readonly loadRestrictor: NonNullable<BuildOptions["loadRestrictor"]>;
  readonly reorder?: NonNullable<BuildOptions["reorder"]>;
  readonly enableManagedbyLabel?: boolean;
  readonly output?: string;
};

async function build(directories: readonly string[], flags: Flags): Promise<void> {
  const [{ createBuilder }, { printDocuments }, { workingDirectory }, { buildFailure, fromHere }] =
    await Promise.all([
      import("../kustomize/build.ts"),
      import("../kustomize/yaml/print.ts"),
      import("../tree/working-directory.ts"),
      import("./build-failure.ts"),
    ]);
  // A kustomization may name what is beside it, so nothing less than the whole disk will do.
  const { root } = parse(process.cwd());
  const builder = createBuilder(workingDirectory(root));
  const options: BuildOptions = {
    loadRestrictor: flags.loadRestrictor,
    ...(flags.reorder && { reorder: flags.reorder }),
    managedByLabel: flags.enableManagedbyLabel === true || isLabelWanted(),
  };
  const resources: Resource[] = [];
  const warnings = new Set<string>();
  for (const directory of directories) {
    try {
      const built = builder.build(
        relative(root, resolve(directory)).replaceAll("\\", "/"),
        options,
      );
      for (const warning of built.warnings) warnings.add(warning);
      resources.push(...built.resources);
    } catch (error) {
      throw buildFailure(error, root);
    }
  }
  for (const warning of warnings) console.error(`Warning: ${fromHere(warning, root)}`);
  const print = (some: readonly Resource[]) => printDocuments(some.map(({ object }) => object));
  if (flags.output === undefined) process.stdout.write(print(resources));
  else if (!isDirectory(flags.output)) writeFileSync(flags.output, print(resources));
  else {
    const { outputNames } = await import("./output-names.ts");
    for (const [name, resource] of outputNames(resources)) {
      writeFileSync(join(flags.output, name), print([resource]));
    }
  }
}

/** Kustomize's own switch. */
function isLabelWanted(): boolean {
  return process.env.KUSTOMIZE_ENABLE_MANAGEDBY_LABEL === "on";
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
