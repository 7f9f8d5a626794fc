import type { Resource } from "../scripts/fleet/resource.ts";
import { resourcesOf, title } from "./kinds.ts";
import type { Policy } from "./policy.ts";
import { objectsIn, shown } from "./values.ts";
import { podTemplateOf } from "./workload.ts";

/** A token that nothing uses is only worth something to whoever breaks in. */
export const serviceAccountToken: Policy = {
  id: "service-account-token",
  severity: "error",
  description: "Only pods whose service account a binding names have its token",
  help: "Set automountServiceAccountToken: false, or give the pod a service account of its own and bind that",
  check(resources, report) {
    const refusing = new Set(accountsThatRefuse(resources));
    const bound = new Set(boundAccounts(resources));
    for (const resource of resources) {
      const pod = podTemplateOf(resource);
      if (!pod) continue;
      const account = shown(pod.spec.serviceAccountName || pod.spec.serviceAccount || "default");
      const key = accountKey(account, resource.manifest.metadata.namespace);
      const mounts = pod.spec.automountServiceAccountToken ?? !refusing.has(key);
      if (mounts === false) continue;
      const isShared = account === "default";
      if (!isShared && bound.has(key)) continue;
      const why = isShared
        ? "every pod of the namespace shares it"
        : "no binding of this target names it";
      report(resource, {
        path: [...pod.path, "spec", "automountServiceAccountToken"],
        message: `${title(resource.manifest)} mounts the token of the service account "${account}": ${why}`,
      });
    }
  },
};

function accountsThatRefuse(resources: readonly Resource[]): string[] {
  return resourcesOf(resources, "ServiceAccount")
    .filter(({ manifest }) => manifest.automountServiceAccountToken === false)
    .map(({ manifest: { metadata } }) => accountKey(metadata.name, metadata.namespace));
}

function boundAccounts(resources: readonly Resource[]): string[] {
  const bindings = [
    ...resourcesOf(resources, "rbac.authorization.k8s.io/RoleBinding"),
    ...resourcesOf(resources, "rbac.authorization.k8s.io/ClusterRoleBinding"),
  ];
  return bindings.flatMap(({ manifest }) =>
    [...objectsIn(manifest.subjects)]
      .filter(([, { kind }]) => kind === "ServiceAccount")
      .map(([, { name, namespace }]) =>
        accountKey(shown(name), namespace ?? manifest.metadata.namespace),
      ),
  );
}

function accountKey(name: string, namespace: unknown): string {
  return `${shown(namespace ?? "")}/${name}`;
}
