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
  /** Every CustomResourceDefinition of Argo CD and of the operators. */
  readonly definitions: readonly Manifest[];
  /** Argo CD's other objects, as its Application would render them. */
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
  definitions,
  argocd,
  cluster,
  sealingKey,
}: BootstrapInput): readonly BootstrapStep[] {
  // Pods of Argo CD are refused until their namespace and their priority exist.
  const isFirst = isKind("Namespace", "PriorityClass");
  const steps: readonly BootstrapStep[] = [
    apply("the namespaces and the classes of priority", cluster.filter(isFirst)),
    ...(sealingKey ? [apply("the sealing key, before anything sealed arrives", [sealingKey])] : []),
    apply("the kinds of Argo CD and of every operator", definitions),
    // Only these are needed here, and kubectl waits for one after the other.
    waitEstablished(definitions.map(({ metadata }) => `crd/${metadata.name}`).filter(isArgocds)),
    apply("Argo CD itself", argocd),
    apply(
      "its network policies, the projects and the root Application: from here on Argo CD syncs from git",
      cluster.filter((manifest) => !isFirst(manifest)),
    ),
  ];
  // kubectl refuses to apply nothing.
  return steps.filter(({ input }) => input === undefined || input.length > 0);
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

/**
 * As Argo CD itself would, under its name: it takes over without a change. Conflicts are fields that a
 * person has set since: a second bootstrap repairs them.
 */
const applyArguments = [
  "apply",
  "--server-side",
  "--force-conflicts",
  "--field-manager=argocd-controller",
  "--filename=-",
];

function apply(what: string, input: readonly Manifest[]): BootstrapStep {
  return { what, args: applyArguments, input };
}

function isArgocds(definition: string): boolean {
  return definition.endsWith(".argoproj.io");
}

function isKind(...kinds: readonly string[]): (manifest: Manifest) => boolean {
  return ({ kind }) => kinds.includes(kind);
}
