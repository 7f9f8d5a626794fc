import type { FieldSpec, NameReferenceSpec } from "./field-spec.ts";
import { field, inPods } from "./pod-fields.ts";

const RBAC = "rbac.authorization.k8s.io";
const ADMISSION = "admissionregistration.k8s.io";

/** Workloads in which Kustomize looks for ConfigMaps and Secrets; ReplicationController is not among them. */
const users = [
  { kind: "Pod", version: "v1" },
  "PodTemplate",
  "Deployment",
  "ReplicaSet",
  "DaemonSet",
  "StatefulSet",
  "Job",
  "CronJob",
];

/** Workloads in which it looks for all else; PodTemplate and ReplicaSet are not among them. */
const runners = [
  "Pod",
  "StatefulSet",
  "Deployment",
  "ReplicationController",
  "CronJob",
  "Job",
  "DaemonSet",
];

/** `nameReference` of Kustomize's own configuration. */
export const nameReferences: readonly NameReferenceSpec[] = [
  ...["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map((kind) => ({
    kind,
    fieldSpecs: [field("HorizontalPodAutoscaler", "spec/scaleTargetRef/name")],
  })),
  {
    kind: "ConfigMap",
    version: "v1",
    fieldSpecs: [
      ...inUsers([
        "volumes/configMap/name",
        "containers/env/valueFrom/configMapKeyRef/name",
        "initContainers/env/valueFrom/configMapKeyRef/name",
        "containers/envFrom/configMapRef/name",
        "initContainers/envFrom/configMapRef/name",
        "volumes/projected/sources/configMap/name",
      ]),
      field("Node", "spec/configSource/configMap"),
      field("Role", "rules/resourceNames"),
      field("ClusterRole", "rules/resourceNames"),
      field(
        "Ingress",
        "metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap",
      ),
    ],
  },
  {
    kind: "Secret",
    version: "v1",
    fieldSpecs: [
      ...inUsers([
        "volumes/secret/secretName",
        "containers/env/valueFrom/secretKeyRef/name",
        "initContainers/env/valueFrom/secretKeyRef/name",
        "containers/envFrom/secretRef/name",
        "initContainers/envFrom/secretRef/name",
        "imagePullSecrets/name",
        "volumes/projected/sources/secret/name",
      ]),
      field("Ingress", "spec/tls/secretName"),
      field("Ingress", "metadata/annotations/ingress.kubernetes.io\\/auth-secret"),
      field("Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret"),
      field("Ingress", "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret"),
      field("ServiceAccount", "imagePullSecrets/name"),
      field("StorageClass", "parameters/secretName"),
      field("StorageClass", "parameters/adminSecretName"),
      field("StorageClass", "parameters/userSecretName"),
      field("StorageClass", "parameters/secretRef"),
      field("Role", "rules/resourceNames"),
      field("ClusterRole", "rules/resourceNames"),
      field(
        { kind: "Service", group: "serving.knative.dev", version: "v1" },
        "spec/template/spec/containers/env/valueFrom/secretKeyRef/name",
      ),
      field("PersistentVolume", "spec/azureFile/secretName"),
    ],
  },
  {
    kind: "Service",
    version: "v1",
    fieldSpecs: [
      field({ kind: "StatefulSet", group: "apps" }, "spec/serviceName"),
      field("Ingress", "spec/rules/http/paths/backend/serviceName"),
      field("Ingress", "spec/backend/serviceName"),
      field("Ingress", "spec/rules/http/paths/backend/service/name"),
      field("Ingress", "spec/defaultBackend/service/name"),
      field({ kind: "APIService", group: "apiregistration.k8s.io" }, "spec/service/name"),
      field(
        { kind: "ValidatingWebhookConfiguration", group: ADMISSION },
        "webhooks/clientConfig/service",
      ),
      field(
        { kind: "MutatingWebhookConfiguration", group: ADMISSION },
        "webhooks/clientConfig/service",
      ),
    ],
  },
  {
    kind: "Role",
    group: RBAC,
    fieldSpecs: [field({ kind: "RoleBinding", group: RBAC }, "roleRef/name")],
  },
  {
    kind: "ClusterRole",
    group: RBAC,
    fieldSpecs: [
      field({ kind: "RoleBinding", group: RBAC }, "roleRef/name"),
      field({ kind: "ClusterRoleBinding", group: RBAC }, "roleRef/name"),
    ],
  },
  {
    kind: "ServiceAccount",
    version: "v1",
    fieldSpecs: [
      field({ kind: "RoleBinding", group: RBAC }, "subjects"),
      field({ kind: "ClusterRoleBinding", group: RBAC }, "subjects"),
      ...inPods(runners, "serviceAccountName"),
    ],
  },
  {
    kind: "PersistentVolumeClaim",
    version: "v1",
    fieldSpecs: inPods(runners, "volumes/persistentVolumeClaim/claimName"),
  },
  {
    kind: "PersistentVolume",
    version: "v1",
    fieldSpecs: [
      field("PersistentVolumeClaim", "spec/volumeName"),
      field("ClusterRole", "rules/resourceNames"),
    ],
  },
  {
    kind: "StorageClass",
    version: "v1",
    group: "storage.k8s.io",
    fieldSpecs: [
      field("PersistentVolume", "spec/storageClassName"),
      field("PersistentVolumeClaim", "spec/storageClassName"),
      field("StatefulSet", "spec/volumeClaimTemplates/spec/storageClassName"),
    ],
  },
  {
    kind: "PriorityClass",
    version: "v1",
    group: "scheduling.k8s.io",
    fieldSpecs: inPods(runners, "priorityClassName"),
  },
  {
    kind: "IngressClass",
    version: "v1",
    // No group is called this, so Kustomize never follows the reference; nor does this.
    group: "networking.k8s.io/v1",
    fieldSpecs: [field("Ingress", "spec/ingressClassName")],
  },
  {
    kind: "ValidatingAdmissionPolicy",
    group: ADMISSION,
    fieldSpecs: [
      field({ kind: "ValidatingAdmissionPolicyBinding", group: ADMISSION }, "spec/policyName"),
    ],
  },
];

function inUsers(paths: readonly string[]): FieldSpec[] {
  return paths.flatMap((path) => inPods(users, path));
}
