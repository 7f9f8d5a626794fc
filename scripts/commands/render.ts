import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { SlipwayError } from "../errors.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { type Target, targetName } from "../fleet/target.ts";
import { join } from "../tree/tree.ts";
import { unknownName } from "./names.ts";
import { prepare } from "./prepare.ts";
import { findRoot } from "./root.ts";

/** Adds `slipway render`. */
export function register(program: Command): void {
  program
    .command("render")
    .summary("print what Argo CD would apply")
    .description("Prints what Argo CD would apply for one target, byte for byte as kustomize does.")
    .argument("<target>", "an environment and an app, or a directory such as overlays/dev/my-app")
    .addHelpText("after", "\nExample:\n  slipway render dev/llm-runner-router | less")
    .action(render);
}

async function render(name: string): Promise<void> {
  const [{ readFleet }, { renderYaml }, { workingDirectory }] = await Promise.all([
    import("../fleet/fleet.ts"),
    import("../render/kustomize.ts"),
    import("../tree/working-directory.ts"),
  ]);
  const root = findRoot();
  const tree = workingDirectory(root);
  const target = findTarget(readFleet(tree), name, root);
  await prepare("kustomize");
  process.stdout.write(await renderYaml(tree, target));
}

/** By `dev/router`, or by a directory, from the root or from where the person stands. */
function findTarget(fleet: Fleet, name: string, root: string): Target {
  const { targets } = fleet;
  const directories = [join(name), relative(root, resolve(name)).replaceAll("\\", "/")];
  const found =
    targets.find((target) => targetName(target) === name) ??
    targets.find(({ directory }) => directories.includes(directory));
  if (found === undefined) throw unknownTarget(fleet, name);
  return found;
}

function unknownTarget({ environments, targets }: Fleet, name: string): SlipwayError {
  const [environment = "", app, ...rest] = name.split("/");
  if (app === undefined || rest.length > 0) {
    const [example] = targets.map(targetName);
    return new SlipwayError(
      `Unknown target "${name}": write an environment and an app${example ? `, such as "${example}"` : ""}`,
    );
  }
  if (!environments.includes(environment)) {
    return unknownName("environment", environment, environments);
  }
  const own = targets.filter((target) => target.environment === environment);
  const known = own.map((target) => target.app);
  return unknownName("target", app, known, `in "${environment}"`);
}
