import { type Resource, resourceId } from "../../fleet/resource.ts";
import { groupOf, isClusterScoped } from "../../fleet/scope.ts";
import { valueAt } from "../../yaml/value.ts";
import type { Finding } from "../finding.ts";
import { type Application, type Cluster, deployments } from "./cluster.ts";
import { hasWrongDestination } from "./destinations.ts";
import {
  isDestinationPermitted,
  isKindNamed,
  isKindPermitted,
  isSourcePermitted,
} from "./permission.ts";
import { findingAt } from "./report.ts";

/** Every Application has a project that allows its sources, its destination and what it renders. */
export function projectFindings(cluster: Cluster): Finding[] {
  const { applications, root, projects } = cluster;
  return [...applications, ...(root ? [root] : [])].flatMap((application) => {
    const project = projects.find(({ manifest }) => manifest.metadata.name === application.project);
    if (project === undefined) return [unknownProject(cluster, application)];
    return [
      ...sourceFindings(project, application),
      ...(hasWrongDestination(cluster, application)
        ? []
        : destinationFindings(project, application)),
      ...objectFindings(cluster, project, application),
    ];
  });
}

function unknownProject(
  { environment, projects }: Cluster,
  { name, project, resource }: Application,
): Finding {
  const known = projects.map(({ manifest }) => `"${manifest.metadata.name}"`).join(", ");
  return findingAt(resource, ["spec", "project"], {
    rule: "argo-project",
    message: `Application "${name}" is of the project "${project}", and "clusters/${environment}" has no such project`,
    help: `Name one of ${known}, or add an AppProject`,
  });
}

function sourceFindings(project: Resource, { name, resource, sources }: Application): Finding[] {
  return sources
    .filter(({ repository }) => !isSourcePermitted(project.manifest, repository))
    .map(({ index, repository }) =>
      findingAt(resource, ["spec", "sources", index, "repoURL"], {
        rule: "argo-project-source",
        message: `Application "${name}" renders from "${repository}", which project "${nameOf(project)}" does not allow`,
        help: `Add the repository to "sourceRepos" in "${project.placeOf(["metadata", "name"]).file}"`,
      }),
    );
}

function destinationFindings(
  project: Resource,
  { name, namespace, resource }: Application,
): Finding[] {
  if (isDestinationPermitted(project.manifest, { ...clusterOf(resource), namespace })) return [];
  return [
    findingAt(resource, ["spec", "destination", "namespace"], {
      rule: "argo-project-destination",
      message: `Application "${name}" deploys to the namespace "${namespace}", which project "${nameOf(project)}" does not allow`,
      help: `Add the namespace to "destinations" in "${project.placeOf(["spec", "destinations"]).file}"`,
    }),
  ];
}

function objectFindings(cluster: Cluster, project: Resource, application: Application): Finding[] {
  return deployments(cluster)
    .filter((deployment) => deployment.application === application)
    .flatMap(({ rendering }) => rendering.resources)
    .flatMap((resource) => permissionFindings(cluster, project, application, resource));
}

/** What Argo CD asks of every object of an Application: its kind, and its namespace where it has one. */
export function permissionFindings(
  cluster: Cluster,
  project: Resource,
  application: Application,
  resource: Resource,
): Finding[] {
  const { manifest } = resource;
  const isCluster = isClusterScoped(manifest, cluster.definitions);
  if (!isKindPermitted(project.manifest, manifest, isCluster)) {
    return [kindFinding(project, application, resource, isCluster)];
  }
  const { namespace = application.namespace } = manifest.metadata;
  if (isCluster || namespace === application.namespace) return [];
  if (hasWrongDestination(cluster, application)) return [];
  const destination = { ...clusterOf(application.resource), namespace };
  if (isDestinationPermitted(project.manifest, destination)) return [];
  return [
    findingAt(resource, ["metadata", "namespace"], {
      rule: "argo-project-destination",
      message: `${resourceId(manifest)} is in a namespace that project "${nameOf(project)}" does not allow`,
      help: `Add the namespace to "destinations" in "${project.placeOf(["spec", "destinations"]).file}"`,
    }),
  ];
}

function kindFinding(
  project: Resource,
  application: Application,
  resource: Resource,
  isCluster: boolean,
): Finding {
  const { manifest, target } = resource;
  const field = isCluster ? "clusterResourceWhitelist" : "namespaceResourceWhitelist";
  const place = project.placeOf(["spec", field]);
  const scope = isCluster ? "cluster-scoped kind" : "kind";
  // A list may name the objects of a kind; then it is this one's name that is missing.
  const named = isCluster && isKindNamed(project.manifest, manifest);
  const { name } = manifest.metadata;
  return {
    rule: "argo-project-kind",
    severity: "error",
    message: `Project "${nameOf(project)}" does not allow the ${scope} "${manifest.kind}"${named ? ` with the name "${name}"` : ""} that Application "${application.name}" renders`,
    help: named
      ? `Add the name to "${field}", or do without the object`
      : `Add the group "${groupOf(manifest)}" with the kind "${manifest.kind}" to "${field}", or do without the object`,
    place,
    target,
    resource: resourceId(manifest),
  };
}

function clusterOf({ manifest }: Resource): { server?: string; name?: string } {
  const server = valueAt(manifest, ["spec", "destination", "server"]);
  const name = valueAt(manifest, ["spec", "destination", "name"]);
  return {
    ...(typeof server === "string" && { server }),
    ...(typeof name === "string" && { name }),
  };
}

function nameOf({ manifest }: Resource): string {
  return manifest.metadata.name;
}
