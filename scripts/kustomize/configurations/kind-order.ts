import type { KindSelector } from "./field-spec.ts";

/** Kinds that others depend on, in Kustomize's order of them, then every kind not listed. */
export const kindsFirst = [
  "Namespace",
  "ResourceQuota",
  "StorageClass",
  "CustomResourceDefinition",
  "ServiceAccount",
  "PodSecurityPolicy",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "Endpoints",
  "Service",
  "LimitRange",
  "PriorityClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];

/** Kinds that would refuse the others if they came first. */
export const kindsLast = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/** The rank of each listed kind: below zero for the first, above for the last; any other is zero. */
export function kindRanks(
  first: readonly string[],
  last: readonly string[],
): ReadonlyMap<string, number> {
  return new Map([
    ...first.map((kind, index) => [kind, index - first.length] as const),
    ...last.map((kind, index) => [kind, index + 1] as const),
  ]);
}

const ranks = kindRanks(kindsFirst, kindsLast);

/** By rank, then by group, version and kind. */
export function compareKinds(a: KindSelector, b: KindSelector): number {
  const byRank = (ranks.get(a.kind ?? "") ?? 0) - (ranks.get(b.kind ?? "") ?? 0);
  return byRank || compareText(kindText(a), kindText(b));
}

/** A kind as text that sorts: what is absent comes after what is there. */
export function kindText({ group, version, kind }: KindSelector): string {
  return `${group || "~G"}_${version || "~V"}_${kind || "~K"}`;
}

/** Bytewise, as Go compares strings; equal for what is the same. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
