import type { Fleet } from "../fleet/fleet.ts";
import type { Resource } from "../fleet/resource.ts";
import type { Rendering } from "../render/render.ts";
import type { Tree } from "../tree/tree.ts";
import type { UpstreamRendering } from "../upstream/upstreams.ts";
import type { CheckResult } from "./finding.ts";

/** What every check may look at. */
export type CheckContext = {
  readonly tree: Tree;
  readonly fleet: Fleet;
  readonly renderings: readonly Rendering[];
  /** What the Applications of `apps/<env>` take from other repositories; none where nobody rendered it. */
  readonly upstreams?: readonly RenderedUpstream[];
  /** Ids of the checks that run: what one of them judges another may leave to it. @default nobody knows */
  readonly running?: ReadonlySet<string>;
};

/** One source of an Application that is somebody else's, and what came of rendering it. */
export type RenderedUpstream = {
  readonly application: Resource;
  /** Its place in `spec.sources`. */
  readonly index: number;
  readonly rendering: UpstreamRendering;
};

/** One check: a name people can skip by, and a function from data to findings. */
export type Check = {
  readonly id: string;
  readonly description: string;
  /** Whether it waits for a program: it is started before those that only compute. */
  readonly startsProgram?: boolean;
  readonly run: (context: CheckContext) => CheckResult | Promise<CheckResult>;
};
