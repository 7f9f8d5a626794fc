import type { Finding } from "../finding.ts";
import { type Application, type Cluster, targetAt } from "./cluster.ts";
import { findingAt } from "./report.ts";

/** An Application deploys to the namespace of its overlay, and the namespace is there. */
export function destinationFindings(cluster: Cluster): Finding[] {
  const { root, applications } = cluster;
  return [...applications, ...(root ? [root] : [])].flatMap(
    (application) => mismatch(cluster, application) ?? absent(cluster, application) ?? [],
  );
}

/** Whether an Application's destination is wrong: nothing else about it is worth saying then. */
export function hasWrongDestination(cluster: Cluster, application: Application): boolean {
  return mismatch(cluster, application) !== undefined || absent(cluster, application) !== undefined;
}

const path = ["spec", "destination", "namespace"];

function mismatch(
  cluster: Cluster,
  { name, namespace, resource, sources }: Application,
): Finding | undefined {
  const overlay = targetAt(cluster, sources.find(({ isOwn }) => isOwn)?.path ?? "");
  const expected = overlay ? cluster.namespaceOf(overlay) : "";
  if (overlay === undefined || expected === "" || expected === namespace) return undefined;
  return findingAt(resource, path, {
    rule: "argo-destination",
    message: `Application "${name}" deploys to the namespace "${namespace}", and "${overlay.directory}" sets "${expected}"`,
    help: `Deploy to "${expected}", or change the overlay`,
  });
}

function absent(cluster: Cluster, { name, namespace, resource }: Application): Finding | undefined {
  if (cluster.namespaces.has(namespace)) return undefined;
  return findingAt(resource, path, {
    rule: "argo-destination",
    message: `Application "${name}" deploys to the namespace "${namespace}", which does not exist in "${cluster.environment}"`,
    help: `Add a Namespace "${namespace}" to "clusters/${cluster.environment}"`,
  });
}
