import type { Manifest } from "../fleet/resource.ts";

/**
 * Marks objects as an Application's, as Argo CD does when it applies them (`common.AnnotationKeyAppInstance`
 * and `argo.SetAppInstance`): an object without a namespace has the Application's destination there.
 */
export function track(
  application: string,
  destination: string,
  manifests: readonly Manifest[],
): Manifest[] {
  return manifests.map((manifest) => {
    const { apiVersion, kind, metadata } = manifest;
    const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
    const id = `${application}:${group}/${kind}:${metadata.namespace ?? destination}/${metadata.name}`;
    const annotations = { ...metadata.annotations, "argocd.argoproj.io/tracking-id": id };
    return { ...manifest, metadata: { ...metadata, annotations } };
  });
}
