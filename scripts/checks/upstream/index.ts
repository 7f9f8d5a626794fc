import { unique } from "../../render/graph.ts";
import { readSources } from "../../render/sources.ts";
import { type Cluster, readCluster } from "../argo/cluster.ts";
import { permissionFindings } from "../argo/projects.ts";
import { findingAt } from "../argo/report.ts";
import type { Check, CheckContext } from "../check.ts";
import type { CheckResult, Finding } from "../finding.ts";
import { imageFindings } from "./images.ts";
import { orderFindings } from "./order.ts";
import { ownerFindings } from "./owners.ts";

/** Whether there was something to check: a source that is not to be had must not pass for a sound one. */
const sources: Check = {
  id: "upstream-sources",
  description: "Every upstream source is at hand",
  run: ({ upstreams }) => (upstreams === undefined ? nothing : availability(upstreams)),
};

/** What upstream sources render, with the overrides of their Applications. */
const objects: Check = {
  id: "upstream",
  description:
    "Upstream sources render releases, in an order that works, and what nobody else renders",
  run(context) {
    if (context.upstreams === undefined) return nothing;
    const files = readSources(context.tree);
    const clusters = context.fleet.environments.flatMap(
      (environment) => readCluster(context, files, environment) ?? [],
    );
    const findings = clusters.flatMap((cluster) => [
      ...refusals(cluster),
      ...imageFindings(cluster),
      ...ownerFindings(cluster),
      ...permissions(cluster),
      ...orderFindings(cluster),
    ]);
    return { status: "ran", findings: unique(findings) };
  },
};

/** The checks of what Applications take from other repositories. */
export const upstreamChecks: readonly Check[] = [sources, objects];

const nothing: CheckResult = { status: "skipped", reason: "upstream sources were not rendered" };

function availability(upstreams: NonNullable<CheckContext["upstreams"]>): CheckResult {
  const reasons = upstreams.flatMap(({ rendering }) =>
    rendering.status === "unavailable" ? [rendering.reason] : [],
  );
  const [first, ...others] = new Set(reasons);
  if (first === undefined) return { status: "ran", findings: [] };
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return { status: "skipped", reason: `${first}${more}` };
}

function refusals({ upstreams }: Cluster): Finding[] {
  return upstreams.flatMap(({ application, index, refusal }) =>
    refusal === undefined
      ? []
      : [
          findingAt(application.resource, ["spec", "sources", index, "path"], {
            rule: "upstream-render",
            message: refusal,
            help: "Correct the source or its overrides in the Application",
          }),
        ],
  );
}

/** An Application without a project is told by check `argo`. */
function permissions(cluster: Cluster): Finding[] {
  return cluster.upstreams.flatMap(({ application, resources }) => {
    const project = cluster.projects.find(
      ({ manifest }) => manifest.metadata.name === application.project,
    );
    if (project === undefined) return [];
    return resources.flatMap((resource) =>
      permissionFindings(cluster, project, application, resource),
    );
  });
}
