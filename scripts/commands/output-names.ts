import { effectiveNamespace, noNamespace } from "../kustomize/resource/identity.ts";
import { currentId, type Resource } from "../kustomize/resource/resource.ts";
import { kubernetesSchema } from "../kustomize/schema/kubernetes.ts";

/**
 * The files that `kustomize build -o DIR` writes, by name: `apps_v1_deployment_router.yaml`, with the
 * namespace in front where there are several.
 */
export function outputNames(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  const named = resources.map((resource) => {
    const id = currentId(resource);
    const kind = [id.group, id.version, id.kind].filter((part) => part !== "").join("_");
    const namespace = effectiveNamespace(id, kubernetesSchema);
    return { resource, namespace, name: `${kind}_${id.name}.yaml`.toLowerCase() };
  });
  const namespaces = new Set(named.map(({ namespace }) => namespace));
  namespaces.delete(noNamespace);
  return new Map(
    named.map(({ resource, namespace, name }) => [
      namespaces.size > 1 && namespace !== noNamespace
        ? `${namespace.toLowerCase()}_${name}`
        : name,
      resource,
    ]),
  );
}
