import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The npm package with the types and validators of an API group. One line adds one. */
const packages: Readonly<Record<string, string>> = {
  "acme.cert-manager.io": "@kubernetes-models/cert-manager",
  "argoproj.io": "@kubernetes-models/argo-cd",
  "autoscaling.k8s.io": "@kubernetes-models/autoscaler",
  "bitnami.com": "@kubernetes-models/sealed-secrets",
  "cert-manager.io": "@kubernetes-models/cert-manager",
  "compute.cnrm.cloud.google.com": "@kubernetes-models/gke",
  "container.cnrm.cloud.google.com": "@kubernetes-models/gke",
  "eventing.keda.sh": "@kubernetes-models/keda",
  "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
  "keda.sh": "@kubernetes-models/keda",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
  "networking.gke.io": "@kubernetes-models/gke",
  "postgresql.cnpg.io": "@kubernetes-models/cloudnative-pg",
  "": "kubernetes-models",
  "admissionregistration.k8s.io": "kubernetes-models",
  "apiextensions.k8s.io": "kubernetes-models",
  "apiregistration.k8s.io": "kubernetes-models",
  apps: "kubernetes-models",
  "authentication.k8s.io": "kubernetes-models",
  "authorization.k8s.io": "kubernetes-models",
  autoscaling: "kubernetes-models",
  batch: "kubernetes-models",
  "certificates.k8s.io": "kubernetes-models",
  "coordination.k8s.io": "kubernetes-models",
  "discovery.k8s.io": "kubernetes-models",
  "events.k8s.io": "kubernetes-models",
  extensions: "kubernetes-models",
  "flowcontrol.apiserver.k8s.io": "kubernetes-models",
  "networking.k8s.io": "kubernetes-models",
  "node.k8s.io": "kubernetes-models",
  policy: "kubernetes-models",
  "rbac.authorization.k8s.io": "kubernetes-models",
  "resource.k8s.io": "kubernetes-models",
  "scheduling.k8s.io": "kubernetes-models",
  "storage.k8s.io": "kubernetes-models",
};

/**
 * The module that exports the class and the interface of a kind, or undefined where no package has
 * it. Of Kubernetes itself only stable versions count: the package also keeps the removed ones, and
 * the others are switched off unless a cluster asks for them.
 */
export function modelOf(apiVersion: string, kind: string): string | undefined {
  const key = `${apiVersion}/${kind}`;
  if (!found.has(key)) found.set(key, findModel(apiVersion, kind));
  return found.get(key);
}

/** The kinds of an API version, as far as a package has them. */
export function kindsOf(apiVersion: string): string[] {
  const name = packages[split(apiVersion)[0]];
  return namesIn(name, apiVersion)
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => file.replace(".d.ts", ""))
    .filter((kind) => modelOf(apiVersion, kind) !== undefined);
}

/** The API versions that have a kind, over all packages. */
export function apiVersionsOf(kind: string): string[] {
  allVersions ??= Object.entries(packages).flatMap(([group, name]) =>
    namesIn(name, group)
      .filter((version) => /^v\d/.test(version))
      .map((version) => (group === "" ? version : `${group}/${version}`)),
  );
  return allVersions.filter((apiVersion) => modelOf(apiVersion, kind) !== undefined);
}

function findModel(apiVersion: string, kind: string): string | undefined {
  const [group, version] = split(apiVersion);
  const name = packages[group];
  if (name === undefined || (name === "kubernetes-models" && !/^v\d+$/.test(version))) {
    return undefined;
  }
  const file = join(folderOf(name), apiVersion, `${kind}.d.ts`);
  // The folder also holds the parts of kinds, such as Container.
  const isKind = existsSync(file) && readFileSync(file, "utf8").includes(`"kind": "${kind}"`);
  return isKind ? `${name}/${apiVersion}/${kind}` : undefined;
}

function split(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf("/");
  return [apiVersion.slice(0, Math.max(0, slash)), apiVersion.slice(slash + 1)];
}

function namesIn(name: string | undefined, path: string): string[] {
  if (name === undefined) return [];
  const folder = join(folderOf(name), path);
  return existsSync(folder) ? readdirSync(folder) : [];
}

function folderOf(name: string): string {
  const folder = folders.get(name) ?? dirname(require.resolve(`${name}/package.json`));
  folders.set(name, folder);
  return folder;
}

const require = createRequire(import.meta.url);

// What is installed does not change while we run.
const found = new Map<string, string | undefined>();
const folders = new Map<string, string>();
let allVersions: readonly string[] | undefined;
