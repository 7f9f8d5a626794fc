import { readFleet } from "../scripts/fleet/fleet.ts";
import { incrementally } from "../scripts/render/incremental.ts";
import { renderTargets } from "../scripts/render/targets.ts";
import { overlayTree } from "../scripts/tree/memory.ts";
import { rememberingTree } from "../scripts/tree/remembering.ts";
import { readText, walk } from "../scripts/tree/tree.ts";
import { workingDirectory } from "../scripts/tree/working-directory.ts";
import type { Case } from "./measure.ts";

/** One changed file after another, in a renderer that remembers: what `slipway check --watch` does. */
export async function warmCases(
  root: string,
): Promise<{ readonly cases: readonly Case[]; readonly memory: () => number }> {
  const tree = rememberingTree(workingDirectory(root)).now();
  const { targets } = readFleet(tree);
  const render = incrementally(renderTargets);
  await render(tree, targets);
  let count = 0;
  const changed = (file: string) => async () => {
    count += 1;
    const text = `${readText(tree, file) ?? ""}\n# ${count}\n`;
    await render(overlayTree(tree, { [file]: text }), targets);
  };
  const named = (directory: string) =>
    [...walk(tree, directory)].find((file) => file.endsWith("kustomization.yaml")) ?? directory;
  const [first] = targets;
  return {
    cases: [
      { name: "nothing changed", work: async () => void (await render(tree, targets)) },
      { name: "one overlay's file changed", work: changed(named(first?.directory ?? "overlays")) },
      { name: "one base's file changed", work: changed(named("base")) },
    ],
    memory: () => Math.round(process.memoryUsage().rss / 1024 / 1024),
  };
}
