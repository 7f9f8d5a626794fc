import { groupKind, title } from "./kinds.ts";
import type { Policy } from "./policy.ts";
import { stringMap } from "./values.ts";

/** A file that is renamed or removed by mistake must not take away what no revert brings back. */
export const dataKept: Policy = {
  id: "data-kept",
  severity: "error",
  description:
    "What holds data, or what other objects live in, outlives its file and its Application",
  help: `Add the annotation \`argocd.argoproj.io/sync-options: Prune=false,Delete=false\`; whoever needs it no longer deletes it by hand`,
  everywhere: true,
  check(resources, report) {
    for (const resource of resources) {
      const { manifest } = resource;
      if (!kept.has(groupKind(manifest))) continue;
      const annotations = stringMap(manifest.metadata.annotations);
      const options = (annotations[syncOptions] ?? "").split(",").map((option) => option.trim());
      const missing = ["Prune=false", "Delete=false"].filter((option) => !options.includes(option));
      if (missing.length === 0) continue;
      report(resource, {
        path: ["metadata", "annotations", syncOptions],
        message: `${title(manifest)} may be taken away with all that it holds: "${syncOptions}" lacks ${missing.map((option) => `"${option}"`).join(" and ")}`,
      });
    }
  },
};

const syncOptions = "argocd.argoproj.io/sync-options";

const kept: ReadonlySet<string> = new Set([
  // Data
  "PersistentVolumeClaim",
  "postgresql.cnpg.io/Cluster",
  "rabbitmq.com/Queue",
  "rabbitmq.com/RabbitmqCluster",
  "rabbitmq.com/Vhost",
  // What others live in: objects, pods, DNS records
  "Namespace",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "container.cnrm.cloud.google.com/ContainerNodePool",
  "compute.cnrm.cloud.google.com/ComputeAddress",
]);
