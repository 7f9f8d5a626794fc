/**
 * Fields that the operators we pin have and their packages of types, a release behind, do not, as the ends
 * of paths without indices. A test compares the two and asks for this table to be corrected.
 */
export const newerFields: Readonly<Record<string, readonly string[]>> = {
  "argoproj.io": [
    "excludeArchivedRepos",
    "includeArchivedRepos",
    "sourceIntegrity",
    "syncOverrun",
    "syncSource.repoURL",
    "tagPrefix",
  ],
  "monitoring.coreos.com": [
    "otlp.labelNamePreserveMultipleUnderscores",
    "otlp.labelNameUnderscoreSanitization",
    "tsdb.staleSeriesCompactionThreshold",
    "webhookConfigs.payload",
  ],
};

/** Whether a field, unknown by its package's types, is in order. */
export function isNewerField(apiVersion: string, path: string): boolean {
  const [group = ""] = apiVersion.split("/");
  const names = `.${path.replaceAll(/\[\d+\]/g, "")}`;
  return (newerFields[group] ?? []).some((field) => names.endsWith(`.${field}`));
}
