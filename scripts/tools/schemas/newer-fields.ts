/**
 * Fields that the operators we pin have and their packages of types, a release behind, do not, as the ends
 * of paths without indices. A test compares the two and asks for this table to be corrected.
 */
export const newerFields: Readonly<Record<string, readonly string[]>> = {
  "acme.cert-manager.io": ["solver.waitInsteadOfSelfCheck", "spec.replaces"],
  "argoproj.io": [
    "excludeArchivedRepos",
    "includeArchivedRepos",
    "sourceIntegrity",
    "syncOverrun",
    "syncSource.repoURL",
    "tagPrefix",
  ],
  "autoscaling.k8s.io": [
    "containerPolicies.memoryAggregationIntervalCount",
    "containerPolicies.memoryAggregationIntervalSeconds",
    "containerPolicies.startupBoost",
    "spec.startupBoost",
    "updatePolicy.evictAfterOOMSeconds",
  ],
  "cert-manager.io": ["auth.aws", "solvers.waitInsteadOfSelfCheck", "spec.renewal", "venafi.ngts"],
  "keda.sh": ["podIdentity.externalID", "spec.azureServicePrincipal", "spec.oauth2"],
  "monitoring.coreos.com": [
    "otlp.labelNamePreserveMultipleUnderscores",
    "otlp.labelNameUnderscoreSanitization",
    "tsdb.staleSeriesCompactionThreshold",
    "webhookConfigs.payload",
  ],
  "postgresql.cnpg.io": [
    "monitoring.tls",
    "pgbouncer.image",
    "pgbouncer.imageCatalogRef",
    "spec.componentImages",
    "spec.primaryLease",
  ],
};

/** Whether a field, unknown by its package's types, is in order. */
export function isNewerField(apiVersion: string, path: string): boolean {
  const [group = ""] = apiVersion.split("/");
  const names = `.${path.replaceAll(/\[\d+\]/g, "")}`;
  return (newerFields[group] ?? []).some((field) => names.endsWith(`.${field}`));
}
