import type { Path, Resource } from "../../fleet/resource.ts";
import { valueAt } from "../../yaml/value.ts";
import type { Finding } from "../finding.ts";
import type { Cluster } from "./cluster.ts";
import { findingAt } from "./report.ts";

/** Every Application says when it is synced, syncs by itself, and gets over what fails. */
export function syncFindings({ applications, root, renderings }: Cluster): Finding[] {
  const own = applications.map(({ resource }) => resource);
  return [
    ...own.flatMap(waveMissing),
    ...renderings.flatMap(({ resources }) => resources.flatMap(waveFindings)),
    ...[...own, ...(root ? [root.resource] : [])].flatMap(policyFindings),
  ];
}

const wave = "argocd.argoproj.io/sync-wave";
const wavePath = ["metadata", "annotations", wave];

function waveMissing(resource: Resource): Finding[] {
  if (valueAt(resource.manifest, wavePath) !== undefined) return [];
  return [
    findingAt(resource, wavePath, {
      rule: "argo-wave",
      message: `Application "${resource.manifest.metadata.name}" does not say in which wave it is synced`,
      help: `Set the annotation "${wave}"`,
    }),
  ];
}

/** Argo CD takes what it cannot read for wave 0 and says nothing. */
function waveFindings(resource: Resource): Finding[] {
  const value = valueAt(resource.manifest, wavePath);
  if (value === undefined || (typeof value === "string" && /^[+-]?\d+$/.test(value))) return [];
  return [
    findingAt(resource, wavePath, {
      rule: "argo-wave",
      message: `The sync wave is ${JSON.stringify(value)} and must be a whole number in quotes`,
      help: 'Write it like "-1"',
    }),
  ];
}

const policies: readonly { path: Path; message: string; help: string }[] = [
  {
    path: ["automated", "prune"],
    message: "What is removed from git stays in the cluster: the automated sync does not prune",
    help: 'Set "syncPolicy.automated.prune" to true',
  },
  {
    path: ["automated", "selfHeal"],
    message: "What is changed in the cluster stays changed: the automated sync does not heal",
    help: 'Set "syncPolicy.automated.selfHeal" to true',
  },
  {
    path: ["retry", "refresh"],
    message:
      "A failing sync retries the commit it began with: the commit that mends it has to wait",
    help: 'Set "syncPolicy.retry.refresh" to true',
  },
];

function policyFindings(resource: Resource): Finding[] {
  return policies
    .map(({ path, ...words }) => ({ path: ["spec", "syncPolicy", ...path], ...words }))
    .filter(({ path }) => valueAt(resource.manifest, path) !== true)
    .map(({ path, ...words }) => findingAt(resource, path, { rule: "argo-sync-policy", ...words }));
}
