import type { Command } from "commander";
import { buildTarget } from "./build-target.ts";
import { findRoot } from "./root.ts";
import { findTarget } from "./target.ts";

/** Adds `slipway explain`. */
export function register(program: Command): void {
  program
    .command("explain")
    .summary("tell where a value comes from")
    .description(
      "Tells the story of one value of a rendered object: every file and operation that set it, oldest first.",
    )
    .argument("<target>", "an environment and an app, or a directory such as overlays/dev/my-app")
    .argument("<object>", "KIND/NAME or KIND/NAMESPACE/NAME")
    .argument("<path>", "fields with dots between them, items as [0] or [name=main]")
    .addHelpText(
      "after",
      `
Examples:
  slipway explain prod/llm-runner-router Deployment/llm-runner-router spec.replicas
  slipway explain dev/router Deployment/router 'spec.template.spec.containers[0].image'`,
    )
    .action(explain);
}

async function explain(name: string, object: string, path: string): Promise<void> {
  const [{ readFleet }, { workingDirectory }, story, { findResource }, { printExplanation }] =
    await Promise.all([
      import("../fleet/fleet.ts"),
      import("../tree/working-directory.ts"),
      import("../kustomize/story/explain.ts"),
      import("../kustomize/story/find-resource.ts"),
      import("../kustomize/story/print-explanation.ts"),
    ]);
  const root = findRoot();
  const tree = workingDirectory(root);
  const resource = findResource(buildTarget(tree, findTarget(readFleet(tree), name, root)), object);
  const { stdout } = process;
  const colour = stdout.isTTY && stdout.hasColors();
  stdout.write(printExplanation(story.explain(resource, path), `${object} ${path}`, { colour }));
}
