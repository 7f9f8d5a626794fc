import { expect, test } from "vitest";
import { serviceAccountToken } from "../../policies/service-account-token.ts";
import { violations } from "./resources.ts";

const unused = [
  'spec.automountServiceAccountToken: Pod "router" mounts the token of the service account "router": no binding of this target names it',
];
const shared = [
  'spec.automountServiceAccountToken: Pod "router" mounts the token of the service account "default": every pod of the namespace shares it',
];

test.each([
  [
    "the pod refuses it",
    pod("serviceAccountName: router, automountServiceAccountToken: false"),
    [],
  ],
  ["nothing is said", pod("serviceAccountName: router"), unused],
  ["its account refuses it", pod("serviceAccountName: router") + account(false), []],
  [
    "the pod wants what its account refuses",
    pod("serviceAccountName: router, automountServiceAccountToken: true") + account(false),
    unused,
  ],
  [
    "the pod refuses what its account wants",
    pod("serviceAccountName: router, automountServiceAccountToken: false") + account(true),
    [],
  ],
  [
    "a binding names the account",
    pod("serviceAccountName: router") + binding("RoleBinding", "router"),
    [],
  ],
  [
    "a cluster-wide binding names it",
    pod("serviceAccountName: router") + binding("ClusterRoleBinding", "router"),
    [],
  ],
  [
    "a binding names another account",
    pod("serviceAccountName: router") + binding("RoleBinding", "other"),
    unused,
  ],
  [
    "a binding names it in another namespace",
    pod("serviceAccountName: router") + binding("RoleBinding", "router", "elsewhere"),
    unused,
  ],
  ["no account is named", pod(""), shared],
  ["the default account is bound", pod("") + binding("RoleBinding", "default"), shared],
  ["the old name of the field is used", pod("serviceAccount: router"), unused],
])("%s", (_, yaml, findings) => {
  expect(violations(serviceAccountToken, yaml)).toEqual(findings);
});

function pod(spec: string): string {
  return `
  apiVersion: v1
  kind: Pod
  metadata: { name: router, namespace: router }
  spec: { ${spec} }`;
}

function account(mounts: boolean): string {
  return `
  ---
  apiVersion: v1
  kind: ServiceAccount
  metadata: { name: router, namespace: router }
  automountServiceAccountToken: ${mounts}`;
}

function binding(kind: string, name: string, namespace = "router"): string {
  return `
  ---
  apiVersion: rbac.authorization.k8s.io/v1
  kind: ${kind}
  metadata: { name: binding${kind === "RoleBinding" ? ", namespace: router" : ""} }
  subjects: [{ kind: ServiceAccount, name: ${name}, namespace: ${namespace} }]`;
}
