import { readFleet } from "../fleet/fleet.ts";
import type { Resource } from "../fleet/resource.ts";
import type { Tree } from "../tree/tree.ts";
import { renderTargets } from "./targets.ts";

/** Everything an environment renders, with where each value was set. */
export async function renderAll(tree: Tree, environment: string): Promise<readonly Resource[]> {
  const targets = readFleet(tree).targets.filter((target) => target.environment === environment);
  return (await renderTargets(tree, targets)).flatMap(({ resources }) => resources);
}
