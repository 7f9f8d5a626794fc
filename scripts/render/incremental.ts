import { type Target, targetName } from "../fleet/target.ts";
import { contentDigests } from "./affected.ts";
import type { Render, Rendering } from "./render.ts";

/** A renderer that remembers: of the targets asked for, only those made of other bytes than last time are rendered. */
export function incrementally(render: Render): Render {
  const known = new Map<string, { readonly digest: string; readonly rendering: Rendering }>();
  return async (tree, targets) => {
    const digests = contentDigests(tree, targets);
    const stale = targets.filter((target) => kept(target) === undefined);
    for (const rendering of await render(tree, stale)) {
      const name = targetName(rendering.target);
      known.set(name, { digest: digests.get(name) ?? "", rendering });
    }
    return targets.flatMap((target) => kept(target) ?? []);

    function kept(target: Target): Rendering | undefined {
      const found = known.get(targetName(target));
      return found?.digest === digests.get(targetName(target)) ? found?.rendering : undefined;
    }
  };
}
