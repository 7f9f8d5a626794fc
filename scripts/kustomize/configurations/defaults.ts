import { type Configurations, noConfigurations } from "./configurations.ts";
import type { FieldSpec, KindSelector } from "./field-spec.ts";
import { mergeConfigurations } from "./merge.ts";
import { nameReferences } from "./name-references.ts";
import { createdField, field } from "./pod-fields.ts";
import { varReferences } from "./var-references.ts";

const statefulSet = { kind: "StatefulSet", group: "apps" };
const job = { kind: "Job", group: "batch" };
const cronJob = { kind: "CronJob", group: "batch" };
const networkPolicy = { kind: "NetworkPolicy", group: "networking.k8s.io" };
const replicationController = { kind: "ReplicationController", version: "v1" };

/** Labels of objects and of the templates of their pods, which nothing selects by. */
const metadataLabels: readonly FieldSpec[] = [
  ...templated("labels", statefulSet),
  createdField(statefulSet, "spec/volumeClaimTemplates[]/metadata/labels"),
];

/** Labels with every selector that would no longer match without them. */
const commonLabels: readonly FieldSpec[] = [
  createdField({ kind: "Service", version: "v1" }, "spec/selector"),
  createdField(replicationController, "spec/selector"),
  createdField("Deployment", "spec/selector/matchLabels"),
  createdField("ReplicaSet", "spec/selector/matchLabels"),
  createdField("DaemonSet", "spec/selector/matchLabels"),
  createdField(statefulSet, "spec/selector/matchLabels"),
  ...schedulingSelectors({ kind: "Deployment", group: "apps" }),
  ...schedulingSelectors(statefulSet),
  field(job, "spec/selector/matchLabels"),
  field(cronJob, "spec/jobTemplate/spec/selector/matchLabels"),
  field({ kind: "PodDisruptionBudget", group: "policy" }, "spec/selector/matchLabels"),
  field(networkPolicy, "spec/podSelector/matchLabels"),
  field(networkPolicy, "spec/ingress/from/podSelector/matchLabels"),
  field(networkPolicy, "spec/egress/to/podSelector/matchLabels"),
  ...metadataLabels,
];

/** What Kustomize works on unless a file of `configurations` adds to it. */
export const defaultConfigurations: Configurations = mergeConfigurations(
  {
    ...noConfigurations,
    namePrefix: [field({}, "metadata/name")],
    nameSuffix: [field({}, "metadata/name")],
    namespace: [
      createdField("Namespace", "metadata/name"),
      createdField(
        { kind: "APIService", group: "apiregistration.k8s.io" },
        "spec/service/namespace",
      ),
      field(
        { kind: "CustomResourceDefinition", group: "apiextensions.k8s.io" },
        "spec/conversion/webhook/clientConfig/service/namespace",
      ),
    ],
    commonLabels,
    templateLabels: metadataLabels,
    commonAnnotations: templated("annotations", { kind: "StatefulSet" }),
    images: ["spec", "spec/template/spec"].flatMap((spec) => [
      createdField({}, `${spec}/containers[]/image`),
      createdField({}, `${spec}/initContainers[]/image`),
      createdField({}, `${spec}/volumes[]/image/reference`),
    ]),
    replicas: ["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map((kind) =>
      createdField(kind, "spec/replicas"),
    ),
    varReference: varReferences,
    nameReference: nameReferences,
  },
  noConfigurations,
);

/** A field of the metadata of every object, and of those of what the workloads make. */
function templated(name: string, statefulSets: KindSelector): FieldSpec[] {
  return [
    createdField({}, `metadata/${name}`),
    ...[replicationController, "Deployment", "ReplicaSet", "DaemonSet", statefulSets, job].map(
      (kind) => createdField(kind, `spec/template/metadata/${name}`),
    ),
    createdField(cronJob, `spec/jobTemplate/metadata/${name}`),
    createdField(cronJob, `spec/jobTemplate/spec/template/metadata/${name}`),
  ];
}

/** The selectors by which pods of a workload are kept together or apart. */
function schedulingSelectors(kind: KindSelector): FieldSpec[] {
  const affinities = ["podAffinity", "podAntiAffinity"].flatMap((affinity) => [
    `affinity/${affinity}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm`,
    `affinity/${affinity}/requiredDuringSchedulingIgnoredDuringExecution`,
  ]);
  return [...affinities, "topologySpreadConstraints"].map((path) =>
    field(kind, `spec/template/spec/${path}/labelSelector/matchLabels`),
  );
}
