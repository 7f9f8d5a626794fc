import type { Fleet } from "../fleet/fleet.ts";
import type { Rendering } from "../render/render.ts";
import type { Tree } from "../tree/tree.ts";
import type { CheckResult } from "./finding.ts";

/** What every check may look at. */
export type CheckContext = {
  readonly tree: Tree;
  readonly fleet: Fleet;
  readonly renderings: readonly Rendering[];
};

/** One check: a name people can skip by, and a function from data to findings. */
export type Check = {
  readonly id: string;
  readonly description: string;
  readonly run: (context: CheckContext) => CheckResult | Promise<CheckResult>;
};
