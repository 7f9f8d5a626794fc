import type { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { IClusterRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding";
import type { IRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding";
import type { IConfigMap } from "kubernetes-models/v1/ConfigMap";
import type { ISecret } from "kubernetes-models/v1/Secret";
import type { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";
import type { Manifest, Resource } from "../scripts/fleet/resource.ts";

/**
 * What the policies know by type. Only the types of kubernetes-models are imported: a guard of its
 * own compares the same two strings, and loads a schema validator first.
 */
type Kinds = {
  readonly ConfigMap: IConfigMap;
  readonly Secret: ISecret;
  readonly ServiceAccount: IServiceAccount;
  readonly "policy/PodDisruptionBudget": IPodDisruptionBudget;
  readonly "autoscaling/HorizontalPodAutoscaler": IHorizontalPodAutoscaler;
  readonly "rbac.authorization.k8s.io/RoleBinding": IRoleBinding;
  readonly "rbac.authorization.k8s.io/ClusterRoleBinding": IClusterRoleBinding;
  readonly "keda.sh/ScaledObject": ScaledObject;
};

/** The part of KEDA's ScaledObject that a rule reads. */
type ScaledObject = {
  readonly spec?: {
    readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
    readonly minReplicaCount?: number;
  };
};

/** A resource whose manifest has the type of its kind. */
export type Typed<T> = Resource & { readonly manifest: Manifest & T };

/** The resources of one kind, in any version of its API group. */
export function resourcesOf<K extends keyof Kinds>(
  resources: readonly Resource[],
  kind: K,
): Typed<Kinds[K]>[] {
  return resources.filter(
    (resource): resource is Typed<Kinds[K]> => groupKind(resource.manifest) === kind,
  );
}

/** `apps/Deployment`, and `Pod` alone for the core group: a kind without the version of its API. */
export function groupKind({ apiVersion, kind }: Manifest): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? kind : `${apiVersion.slice(0, slash)}/${kind}`;
}

/** How messages call an object: `Deployment "router"`. */
export function title({ kind, metadata }: Manifest): string {
  return `${kind} "${metadata.name}"`;
}

/** Whether two objects are in the same namespace; none is one of its own. */
export function sameNamespace(a: Resource, b: Resource): boolean {
  return a.manifest.metadata.namespace === b.manifest.metadata.namespace;
}
