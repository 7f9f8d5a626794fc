import { unique } from "../../render/graph.ts";
import { readSources } from "../../render/sources.ts";
import type { Check } from "../check.ts";
import { applicationFindings } from "./applications.ts";
import { readCluster } from "./cluster.ts";
import { destinationFindings } from "./destinations.ts";
import { placeholderFindings } from "./placeholders.ts";
import { projectFindings } from "./projects.ts";
import { revisionFindings } from "./revisions.ts";
import { rootFindings } from "./root.ts";
import { sharedFindings } from "./shared.ts";
import { syncFindings } from "./sync.ts";

/** Says what Argo CD would refuse or pass over, for every environment that renders. */
export const argoCheck: Check = {
  id: "argo",
  description: "Every overlay has its Application, and its project allows what it renders",
  run(context) {
    const sources = readSources(context.tree);
    const hasFile = (path: string) => context.tree.read(path) !== undefined;
    const clusters = context.fleet.environments.flatMap(
      (environment) => readCluster(context, sources, environment) ?? [],
    );
    return {
      status: "ran",
      findings: unique(
        clusters.flatMap((cluster) => [
          ...applicationFindings(cluster, hasFile),
          ...rootFindings(cluster),
          ...destinationFindings(cluster),
          ...projectFindings(cluster),
          ...syncFindings(cluster),
          ...revisionFindings(cluster),
          ...placeholderFindings(cluster),
          ...sharedFindings(cluster),
        ]),
      ),
    };
  },
};
