import type { FieldSpec } from "./field-spec.ts";
import { field, inPods } from "./pod-fields.ts";

const workloads = ["CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"];

/** `varReference` of Kustomize's own configuration: the fields in which `$(VAR)` is replaced. */
export const varReferences: readonly FieldSpec[] = [
  ...["containers", "initContainers"].flatMap((containers) =>
    ["args", "command", "env/value", "volumeMounts/mountPath"].flatMap((path) =>
      inPods(workloads, `${containers}/${path}`),
    ),
  ),
  ...inPods(["DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet"], "volumes/nfs/server"),
  // Kustomize left "spec" out of this path, so that it leads nowhere.
  field("CronJob", "spec/jobTemplate/spec/template/volumes/nfs/server"),
  field("StatefulSet", "spec/volumeClaimTemplates/spec/nfs/server"),
  field("PersistentVolume", "spec/nfs/server"),
  field("Deployment", "spec/template/metadata/annotations"),
  field("Ingress", "spec/rules/host"),
  field("Ingress", "spec/tls/hosts"),
  field("Ingress", "spec/tls/secretName"),
  field("Service", "spec/ports/port"),
  field("Service", "spec/ports/targetPort"),
  field({}, "metadata/labels"),
  field({}, "metadata/annotations"),
];
