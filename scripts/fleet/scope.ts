import { list, mapping, valueAt } from "../yaml/value.ts";
import type { Manifest } from "./resource.ts";

/** The kinds without a namespace: Kubernetes' own, and of operators whose CRDs are not rendered here. */
const clusterScoped: Readonly<Record<string, readonly string[]>> = {
  "": ["Namespace", "Node", "PersistentVolume"],
  "admissionregistration.k8s.io": [
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
  ],
  "apiextensions.k8s.io": ["CustomResourceDefinition"],
  "apiregistration.k8s.io": ["APIService"],
  "argoproj.io": ["ClusterAnalysisTemplate"],
  "cert-manager.io": ["ClusterIssuer"],
  "certificates.k8s.io": ["CertificateSigningRequest", "ClusterTrustBundle"],
  "cloud.google.com": ["ComputeClass"],
  "core.cnrm.cloud.google.com": ["ConfigConnector"],
  "eventing.keda.sh": ["ClusterCloudEventSource"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema", "PriorityLevelConfiguration"],
  "gateway.networking.k8s.io": ["GatewayClass"],
  "keda.sh": ["ClusterTriggerAuthentication"],
  "networking.k8s.io": ["IngressClass", "IPAddress", "ServiceCIDR"],
  "node.k8s.io": ["RuntimeClass"],
  "postgresql.cnpg.io": ["ClusterImageCatalog"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
  "resource.k8s.io": ["DeviceClass", "DeviceTaintRule", "ResourceSlice"],
  "scheduling.k8s.io": ["PriorityClass"],
  "snapshot.storage.k8s.io": ["VolumeSnapshotClass", "VolumeSnapshotContent"],
  "storage.k8s.io": [
    "CSIDriver",
    "CSINode",
    "StorageClass",
    "VolumeAttachment",
    "VolumeAttributesClass",
  ],
};

/** The API group of an object; the empty string for the core group. */
export function groupOf({ apiVersion }: Manifest): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** Whether a kind has no namespace: by the CRDs given, else by the list; unknown kinds have one. */
export function isClusterScoped(manifest: Manifest, definitions: readonly Manifest[]): boolean {
  const group = groupOf(manifest);
  for (const definition of definitions) {
    const spec = mapping(definition.spec);
    if (spec.group !== group || mapping(spec.names).kind !== manifest.kind) continue;
    return spec.scope === "Cluster";
  }
  return clusterScoped[group]?.includes(manifest.kind) ?? false;
}

/** The CRDs among rendered objects. */
export function definitionsIn(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(
    (manifest) =>
      manifest.kind === "CustomResourceDefinition" &&
      list(valueAt(manifest, ["spec", "versions"])).length > 0,
  );
}
