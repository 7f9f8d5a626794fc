import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import type { CustomResourceDefinition } from "./schemas/custom-resource.ts";
import { moduleFolders, type PinnedModule } from "./schemas/go-modules.ts";

/** A Go module that carries CustomResourceDefinitions: an operator's, or only types. */
export type CrdModule = PinnedModule & {
  /** The folder of the YAML files, relative to the module. */
  readonly folder: string;
  /** The API groups they define; known without reading them, so that no kind goes unchecked silently. */
  readonly groups: readonly string[];
};

/** A CustomResourceDefinition on disk. */
export type CrdSource = {
  readonly group: string;
  readonly kind: string;
  /** The versions it serves, in its own order. */
  readonly versions: readonly string[];
  readonly file: string;
};

/**
 * Where every CustomResourceDefinition comes from. One line adds an operator; `crds/go.mod` says how
 * to pin a module that no tool of ours is built from.
 */
export const crdModules: readonly CrdModule[] = [
  {
    module: "github.com/argoproj/argo-cd/v3",
    pinnedIn: "control-plane",
    folder: "manifests/crds",
    groups: ["argoproj.io"],
  },
  {
    module: "github.com/bitnami/sealed-secrets",
    pinnedIn: "sealed-secrets",
    folder: "helm/sealed-secrets/crds",
    groups: ["bitnami.com"],
  },
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    pinnedIn: "crds",
    folder: "example/prometheus-operator-crd",
    groups: ["monitoring.coreos.com"],
  },
  {
    module: "sigs.k8s.io/gateway-api",
    pinnedIn: "crds",
    folder: "config/crd/standard",
    groups: ["gateway.networking.k8s.io"],
  },
  {
    module: "github.com/cert-manager/cert-manager",
    pinnedIn: "crds",
    folder: "deploy/crds",
    groups: ["acme.cert-manager.io", "cert-manager.io"],
  },
  {
    module: "github.com/kedacore/keda/v2",
    pinnedIn: "crds",
    folder: "config/crd/bases",
    groups: ["eventing.keda.sh", "keda.sh"],
  },
  {
    module: "github.com/cloudnative-pg/cloudnative-pg",
    pinnedIn: "crds",
    folder: "config/crd/bases",
    groups: ["postgresql.cnpg.io"],
  },
  {
    module: "github.com/rabbitmq/cluster-operator/v2",
    pinnedIn: "crds",
    folder: "config/crd/bases",
    groups: ["rabbitmq.com"],
  },
  {
    module: "github.com/rabbitmq/messaging-topology-operator",
    pinnedIn: "crds",
    folder: "config/crd/bases",
    groups: ["rabbitmq.com"],
  },
  {
    module: "k8s.io/autoscaler/vertical-pod-autoscaler",
    pinnedIn: "crds",
    folder: "deploy",
    groups: ["autoscaling.k8s.io"],
  },
  // GKE brings the definitions with its disks
  {
    module: "github.com/kubernetes-csi/external-snapshotter/client/v8",
    pinnedIn: "crds",
    folder: "config/crd",
    groups: ["groupsnapshot.storage.k8s.io", "snapshot.storage.k8s.io"],
  },
];

/**
 * API groups whose CustomResourceDefinitions no Go module carries: GKE installs them with its cluster,
 * Config Connector with its add-on. Their kinds are checked by the packages' types and validators alone.
 */
export const groupsWithoutCrds: readonly string[] = [
  "compute.cnrm.cloud.google.com",
  "container.cnrm.cloud.google.com",
  "networking.gke.io",
];

/**
 * Every CustomResourceDefinition of the pinned operators, sorted by group and kind.
 * Throws a `SlipwayError` where Go is missing, or a module is neither cached nor to be had.
 */
export async function crdFiles(): Promise<CrdSource[]> {
  const folders = await moduleFolders(crdModules);
  return crdModules
    .flatMap(({ folder }, index) => yamlFiles(join(folders[index] ?? "", folder)))
    .flatMap((file) => readCrds(file).map((crd) => ({ file, crd })))
    .map(({ file, crd: { spec } }) => ({
      group: spec.group,
      kind: spec.names.kind,
      versions: spec.versions.filter(({ served }) => served).map(({ name }) => name),
      file,
    }))
    .sort((a, b) => (`${a.group}/${a.kind}` < `${b.group}/${b.kind}` ? -1 : 1));
}

/** The CustomResourceDefinitions among a file's documents: some folders hold other objects too. */
export function readCrds(file: string): CustomResourceDefinition[] {
  const documents = loadAll(readFileSync(file, "utf8")) as ({ kind?: string } | null)[];
  return documents.filter(
    (document) => document?.kind === "CustomResourceDefinition",
  ) as unknown as CustomResourceDefinition[];
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => join(folder, name));
}
