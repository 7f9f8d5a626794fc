import { type Resource, resourceId } from "../../fleet/resource.ts";
import { definitionsIn, groupOf } from "../../fleet/scope.ts";
import { mapping, valueAt } from "../../yaml/value.ts";
import { type Application, type Cluster, deployments } from "../argo/cluster.ts";
import { findingAt } from "../argo/report.ts";
import type { Finding } from "../finding.ts";

/** On an empty cluster an object can only be made once its kind is there. */
export function orderFindings(cluster: Cluster): Finding[] {
  const owners = definitionOwners(cluster);
  const isWhole = isWholeEnvironment(cluster);
  return objectsOf(cluster).flatMap(({ application, resource }) => {
    const { manifest } = resource;
    const group = groupOf(manifest);
    if (alwaysThere.test(group)) return [];
    const owner = owners.get(`${group}/${manifest.kind}`);
    if (owner === undefined) {
      return isWhole ? [undefinedKind(cluster, resource)] : [];
    }
    if (waveOf(owner) <= waveOf(application)) return [];
    return [
      findingAt(resource, ["kind"], {
        rule: "kind-before-definition",
        message: `${resourceId(manifest)} is synced with Application "${application.name}" in wave ${waveOf(application)}, and its kind comes with "${owner.name}" in wave ${waveOf(owner)}`,
        help: `Put it into an Application of wave ${waveOf(owner)} or later, or sync "${owner.name}" earlier`,
      }),
    ];
  });
}

/** Kubernetes' own groups, and what GKE and its add-on Config Connector bring. */
const alwaysThere = /^[^.]*$|(^|\.)(k8s\.io|gke\.io|cloud\.google\.com)$/;

function undefinedKind({ environment }: Cluster, resource: Resource): Finding {
  const { kind, apiVersion } = resource.manifest;
  return findingAt(resource, ["kind"], {
    rule: "kind-without-definition",
    message: `${resourceId(resource.manifest)} is of the kind "${kind}" in "${apiVersion}", which no Application of "${environment}" brings`,
    help: "Add the Application of its operator, or do without the object",
  });
}

/** The root Application is left out: bootstrap makes it, after Argo CD's kinds. */
function objectsOf(
  cluster: Cluster,
): { readonly application: Application; readonly resource: Resource }[] {
  return [
    ...deployments(cluster).flatMap(({ application, rendering }) =>
      rendering.resources.map((resource) => ({ application, resource })),
    ),
    ...cluster.upstreams.flatMap(({ application, resources }) =>
      resources.map((resource) => ({ application, resource })),
    ),
  ].filter(({ application }) => application !== cluster.root);
}

/** The Application that brings each kind, by group and kind; the first one where several do. */
function definitionOwners(cluster: Cluster): ReadonlyMap<string, Application> {
  const owners = new Map<string, Application>();
  for (const { application, resource } of objectsOf(cluster)) {
    for (const { spec } of definitionsIn([resource.manifest])) {
      const key = `${valueAt(spec, ["group"])}/${mapping(mapping(spec).names).kind}`;
      const before = owners.get(key);
      if (before === undefined || waveOf(application) < waveOf(before))
        owners.set(key, application);
    }
  }
  return owners;
}

function waveOf({ resource }: Application): number {
  return Number(resource.manifest.metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0) || 0;
}

/** Whether everything was rendered that could bring a kind. */
function isWholeEnvironment({ targets, renderings, upstreams, applications }: Cluster): boolean {
  const isRendered = (directory: string) =>
    renderings.some(
      ({ target, findings }) => target.directory === directory && findings.length === 0,
    );
  return (
    targets.every(({ directory }) => isRendered(directory)) &&
    applications.every(({ resource, sources }) =>
      sources.every(
        ({ isOwn, index }) =>
          isOwn ||
          upstreams.some(
            (one) =>
              one.application.resource === resource &&
              one.index === index &&
              one.resources.length > 0,
          ),
      ),
    )
  );
}
