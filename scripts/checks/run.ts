import { setImmediate as immediate } from "node:timers/promises";
import type { Fleet } from "../fleet/fleet.ts";
import { type Target, targetName } from "../fleet/target.ts";
import { unique } from "../render/graph.ts";
import type { Render } from "../render/render.ts";
import type { Report } from "../reporters/report.ts";
import type { Tree } from "../tree/tree.ts";
import type { RenderUpstreams } from "../upstream/upstreams.ts";
import type { Check, CheckContext, RenderedUpstream } from "./check.ts";
import type { CheckResult, Finding } from "./finding.ts";
import { dedupe } from "./schema/dedupe.ts";
import { upstreamSources } from "./upstream/sources.ts";

export type RunRequest = {
  readonly tree: Tree;
  readonly fleet: Fleet;
  /** What is rendered and reported about. */
  readonly targets: readonly Target[];
  readonly render: Render;
  /** Renders what Applications take from other repositories; without it the checks of that are skipped. */
  readonly renderUpstreams?: RenderUpstreams | undefined;
  readonly checks: readonly Check[];
  /** Ids of checks that are left out. */
  readonly skip: readonly string[];
  /** The time in milliseconds; only differences count. */
  readonly clock: () => number;
  /** Called when a step is done: `rendering`, then each check by its id. */
  readonly onStep?: (name: string, milliseconds: number) => void;
};

/** Renders the targets, runs every check on them at once and puts what they found in order. */
export async function runChecks(request: RunRequest): Promise<Report> {
  const { tree, fleet, targets, render, checks, skip, clock, onStep = () => {} } = request;
  const { renderUpstreams } = request;
  const start = clock();
  const rendered = {
    tree,
    fleet,
    renderings: await timed("rendering", () => render(tree, targets)),
    running: new Set(checks.map(({ id }) => id).filter((id) => !skip.includes(id))),
  };
  const context: CheckContext = renderUpstreams
    ? {
        ...rendered,
        upstreams: await timed("upstreams", () => withUpstreams(rendered, renderUpstreams)),
      }
    : rendered;
  const order = checks.toSorted((a, b) => Number(!a.startsProgram) - Number(!b.startsProgram));
  const results = await Promise.all(
    checks.map(async (check) => {
      const { id, run } = check;
      const position = order.indexOf(check);
      // One after the other: a program has been started before the next check computes.
      for (let turn = 0; turn < position; turn += 1) await immediate();
      return skip.includes(id) ? left : await timed(id, () => run(context));
    }),
  );
  const others = fleet.targets.filter((target) => !targets.includes(target));
  const findings = results
    .flatMap((result) => (result.status === "ran" ? result.findings : []))
    .filter((finding) => !others.some((target) => isAbout(finding, target)));
  return {
    findings: unique(dedupe(findings)).sort(byPlace),
    checks: checks.map(({ id }, index) => ({ id, ...outcome(results[index] ?? left) })),
    targets: targets.length,
    resources: context.renderings.reduce((sum, { resources }) => sum + resources.length, 0),
    milliseconds: clock() - start,
  };

  async function timed<Result>(name: string, work: () => Result | Promise<Result>) {
    const before = clock();
    const result = await work();
    onStep(name, clock() - before);
    return result;
  }
}

async function withUpstreams(
  context: CheckContext,
  render: RenderUpstreams,
): Promise<readonly RenderedUpstream[]> {
  const sources = upstreamSources(context);
  const renderings = await render(sources.map(({ request }) => request));
  return sources.flatMap(({ application, index }, at) => {
    const rendering = renderings[at];
    return rendering ? [{ application, index, rendering }] : [];
  });
}

const left: CheckResult = { status: "skipped", reason: "left out with --skip" };

/** Some checks look at the whole tree and speak of targets that nobody asked about. */
function isAbout({ target, place }: Finding, other: Target): boolean {
  if (target !== undefined) return targetName(target) === targetName(other);
  return `${place.file}/`.startsWith(`${other.directory}/`);
}

function outcome(result: CheckResult): Pick<Report["checks"][number], "status" | "reason"> {
  return result.status === "ran" ? { status: "ran" } : { status: "skipped", reason: result.reason };
}

function byPlace(a: Finding, b: Finding): number {
  return (
    compare(a.place.file, b.place.file) ||
    (a.place.line ?? 0) - (b.place.line ?? 0) ||
    (a.place.column ?? 0) - (b.place.column ?? 0) ||
    compare(a.rule, b.rule) ||
    compare(targetOf(a), targetOf(b)) ||
    compare(a.path ?? "", b.path ?? "") ||
    compare(a.message, b.message)
  );
}

function targetOf({ target, resource = "" }: Finding): string {
  return `${target?.directory ?? ""} ${resource}`;
}

/** By code units: the order of a report must not depend on the machine's language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
