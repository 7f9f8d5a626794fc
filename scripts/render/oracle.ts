import { join } from "node:path";
import type { Target } from "../fleet/target.ts";
import { createBuilder } from "../kustomize/build.ts";
import { printDocuments } from "../kustomize/yaml/print.ts";
import { run } from "../tools/process.ts";
import { tool } from "../tools/tool.ts";
import type { Tree } from "../tree/tree.ts";
import { withFolder } from "./folder.ts";
import type { Render, Rendering } from "./render.ts";
import { renderBy } from "./targets.ts";

/**
 * Renders by our own engine and has the real kustomize build every target too: where the two print
 * different bytes, or only one of them refuses, the target has that as its finding.
 */
export const renderWithKustomize: Render = async (tree, targets) => {
  const kustomize = await tool("kustomize");
  const builder = createBuilder(tree);
  const renderings = renderBy(builder, tree, targets);
  return await withFolder(tree, async (root) => {
    const judged: Rendering[] = [];
    for (const rendering of renderings) {
      const { directory } = rendering.target;
      const theirs = await build(kustomize, join(root, directory));
      const isRefused = rendering.findings.length > 0;
      if (isRefused && theirs.refusal !== undefined) judged.push(rendering);
      else if (isRefused) judged.push(differing(rendering, "refuses what kustomize builds"));
      else if (theirs.refusal !== undefined) {
        const words = theirs.refusal.replaceAll(`${root}/`, "").replace(/\s+/g, " ").trim();
        judged.push(differing(rendering, `builds what kustomize refuses: ${words}`));
      } else {
        const ours = printDocuments(builder.build(directory).resources.map(({ object }) => object));
        judged.push(
          ours === theirs.output
            ? rendering
            : differing(rendering, "prints other bytes than kustomize"),
        );
      }
    }
    return judged;
  });
};

/** Exactly what `kustomize build` prints for a target, or its refusal. */
export async function buildWithKustomize(tree: Tree, target: Target): Promise<Built> {
  const kustomize = await tool("kustomize");
  return await withFolder(tree, (root) => build(kustomize, join(root, target.directory)));
}

type Built =
  | { readonly output: string; readonly refusal?: never }
  | { readonly refusal: string; readonly output?: never };

async function build(kustomize: string, directory: string): Promise<Built> {
  const { stdout, stderr, exitCode } = await run(kustomize, ["build", directory], {
    // A build is over before a collection of garbage pays.
    env: { ...process.env, GOGC: "off" },
  });
  if (exitCode === 0) return { output: stdout };
  // Warnings about deprecated fields come first.
  return { refusal: stderr.slice(Math.max(0, stderr.search(/^Error: /m))) };
}

function differing(rendering: Rendering, what: string): Rendering {
  const { target } = rendering;
  return {
    ...rendering,
    findings: [
      ...rendering.findings,
      {
        rule: "render-engine",
        severity: "error",
        message: `Slipway's engine ${what} in "${target.directory}"`,
        help: `Compare "slipway build ${target.directory}" with "kustomize build ${target.directory}", and report the difference: it is a bug`,
        place: { file: `${target.directory}/kustomization.yaml`, line: 1 },
        target,
      },
    ],
  };
}
