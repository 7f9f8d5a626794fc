import { loadAll } from "js-yaml";
import type { Manifest } from "../fleet/resource.ts";

/** One kubectl command of the first installation, with what it reads from standard input. */
export type BootstrapStep = {
  /** What it is for, one line. */
  readonly what: string;
  readonly args: readonly string[];
  readonly input?: readonly Manifest[];
  /** How often it is tried, twice a second. @default 1 */
  readonly attempts?: number;
};

/** Everything that a cluster needs before Argo CD can take over. */
export type BootstrapInput = {
  /** Argo CD's own objects, as its Application would render them. */
  readonly argocd: readonly Manifest[];
  /** `clusters/<env>` rendered: namespaces, projects and the root Application. */
  readonly cluster: readonly Manifest[];
  /** The sealing key's Secret; without it nothing sealed becomes a Secret. */
  readonly sealingKey: Manifest | undefined;
};

/**
 * The commands in order. Plain `kubectl apply -k` cannot do it: a CRD has to be Established before
 * its objects, and the one of ApplicationSet is too large for client-side apply.
 */
export function planBootstrap({
  argocd,
  cluster,
  sealingKey,
}: BootstrapInput): readonly BootstrapStep[] {
  // Pods of Argo CD are refused until their namespace and their priority exist.
  const isFirst = isKind("Namespace", "PriorityClass");
  const definitions = argocd.filter(isKind(CRD));
  const steps: readonly BootstrapStep[] = [
    apply("the namespaces and the priority of platform pods", cluster.filter(isFirst)),
    ...(sealingKey ? [apply("the sealing key, before anything sealed arrives", [sealingKey])] : []),
    apply("Argo CD's CustomResourceDefinitions", definitions),
    waitEstablished(definitions.map(({ metadata }) => `crd/${metadata.name}`)),
    apply(
      "Argo CD itself",
      argocd.filter((manifest) => !isKind(CRD)(manifest)),
    ),
    apply(
      "the projects and the root Application: from here on Argo CD syncs from git",
      cluster.filter((manifest) => !isFirst(manifest)),
    ),
  ];
  // kubectl refuses to apply nothing.
  return steps.filter(({ input }) => input === undefined || input.length > 0);
}

/** Manifests from rendered YAML. */
export function parseManifests(yaml: string): Manifest[] {
  return loadAll(yaml).filter(Boolean) as Manifest[];
}

/** Waits until the API server serves CustomResourceDefinitions: `crd/<name>` each, or `crd --all`. */
export function waitEstablished(definitions: readonly string[]): BootstrapStep {
  return {
    what: "until the API server serves them",
    args: ["wait", "--for=condition=Established", "--timeout=60s", ...definitions],
    // kubectl ends in an error where the API server has not written a first status yet.
    attempts: 20,
  };
}

const CRD = "CustomResourceDefinition";

function apply(what: string, input: readonly Manifest[]): BootstrapStep {
  // Conflicts are Argo CD's own fields where it already runs: a second bootstrap repairs them.
  return { what, args: ["apply", "--server-side", "--force-conflicts", "--filename=-"], input };
}

function isKind(...kinds: readonly string[]): (manifest: Manifest) => boolean {
  return ({ kind }) => kinds.includes(kind);
}
