import { type Resource, resourceId } from "../../fleet/resource.ts";
import { groupOf, isClusterScoped } from "../../fleet/scope.ts";
import { type Application, type Cluster, deployments } from "../argo/cluster.ts";
import { findingAt } from "../argo/report.ts";
import type { Finding } from "../finding.ts";

type Owned = {
  readonly application: Application;
  readonly resource: Resource;
  /** The repository or the directory it comes from. */
  readonly origin: string;
  readonly isUpstream: boolean;
};

/**
 * Of one object in two sources of an Application the later one wins whole; in two Applications they
 * undo each other's work for ever. Check `argo` sees to the overlays among themselves.
 */
export function ownerFindings(cluster: Cluster): Finding[] {
  const owners = new Map<string, Owned>();
  return objectsOf(cluster).flatMap((owned) => {
    const key = keyOf(cluster, owned);
    const first = owners.get(key);
    owners.set(key, first ?? owned);
    if (first === undefined || !(first.isUpstream || owned.isUpstream)) return [];
    const { application, resource, origin } = owned;
    const from = (one: Owned) => `Application "${one.application.name}" from "${one.origin}"`;
    const by =
      first.application === application
        ? `twice by Application "${application.name}", from "${first.origin}" and from "${origin}"`
        : `by ${from(first)} and by ${from(owned)}`;
    return [
      findingAt(resource, ["metadata", "name"], {
        rule: "object-owned-twice",
        message: `${resourceId(resource.manifest)} is rendered ${by}`,
        help: "Leave it in one; a patch with `$patch: delete` in an Application takes it out of an upstream source",
      }),
    ];
  });
}

/** Upstream first, so that it is our file which is told where one of the two is ours. */
function objectsOf(cluster: Cluster): Owned[] {
  return [
    ...cluster.upstreams.flatMap(({ application, index, resources }) =>
      resources.map((resource) => ({
        application,
        resource,
        origin: application.sources[index]?.repository ?? "",
        isUpstream: true,
      })),
    ),
    ...deployments(cluster).flatMap(({ application, rendering }) =>
      rendering.resources.map((resource) => ({
        application,
        resource,
        origin: rendering.target.directory,
        isUpstream: false,
      })),
    ),
  ];
}

function keyOf({ definitions }: Cluster, { application, resource: { manifest } }: Owned): string {
  const { namespace = application.namespace, name } = manifest.metadata;
  const scope = isClusterScoped(manifest, definitions) ? "" : namespace;
  return [groupOf(manifest), manifest.kind, scope, name].join("\n");
}
