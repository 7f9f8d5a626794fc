import { type Resource, resourceId } from "../../fleet/resource.ts";
import { groupOf, isClusterScoped } from "../../fleet/scope.ts";
import type { Finding } from "../finding.ts";
import { type Cluster, deployments } from "./cluster.ts";
import { findingAt } from "./report.ts";

/** Two Applications with one object would undo each other's work for ever. */
export function sharedFindings(cluster: Cluster): Finding[] {
  const owners = new Map<string, Resource>();
  return deployments(cluster).flatMap(({ application, rendering }) =>
    rendering.resources.flatMap((resource) => {
      const { manifest, target } = resource;
      const { namespace = application.namespace, name } = manifest.metadata;
      const scope = isClusterScoped(manifest, cluster.definitions) ? "" : namespace;
      const key = [groupOf(manifest), manifest.kind, scope, name].join("\n");
      const owner = owners.get(key);
      owners.set(key, owner ?? resource);
      if (owner === undefined || owner.target === target) return [];
      return [
        findingAt(resource, ["metadata", "name"], {
          rule: "argo-shared-object",
          message: `${resourceId(manifest)} is rendered by "${owner.target.directory}" and by "${target.directory}"`,
          help: "Leave it in one of the two",
        }),
      ];
    }),
  );
}
