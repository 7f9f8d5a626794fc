import type { Manifest } from "../fleet/resource.ts";

/**
 * Marks objects as an Application's, as Argo CD does when it renders them (`common.AnnotationKeyAppInstance`):
 * an object without a namespace has the Application's destination there, and a CustomResourceDefinition is
 * nobody's.
 */
export function track(
  application: string,
  destination: string,
  manifests: readonly Manifest[],
): Manifest[] {
  return manifests.map((manifest) => {
    const { apiVersion, kind, metadata } = manifest;
    if (kind === "CustomResourceDefinition") return manifest;
    const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
    const id = `${application}:${group}/${kind}:${metadata.namespace ?? destination}/${metadata.name}`;
    const annotations = { ...metadata.annotations, "argocd.argoproj.io/tracking-id": id };
    return { ...manifest, metadata: { ...metadata, annotations } };
  });
}
