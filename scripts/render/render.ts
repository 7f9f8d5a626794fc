import type { Finding } from "../checks/finding.ts";
import type { Resource } from "../fleet/resource.ts";
import type { Target } from "../fleet/target.ts";
import type { Tree } from "../tree/tree.ts";

/** What Argo CD would apply for one target; a target that does not render has findings instead. */
export type Rendering = {
  readonly target: Target;
  readonly resources: readonly Resource[];
  readonly findings: readonly Finding[];
};

/** Renders targets of a tree. A broken target never hides the others. */
export type Render = (tree: Tree, targets: readonly Target[]) => Promise<readonly Rendering[]>;
