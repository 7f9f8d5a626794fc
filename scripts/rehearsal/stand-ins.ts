import { dump, load } from "js-yaml";
import type { Manifest, Resource } from "../fleet/resource.ts";
import { readText, type Tree } from "../tree/tree.ts";

/** Something that a rehearsal commits differently, because what it needs is not on this machine. */
export type StandIn = {
  /** The directory whose rendering is patched. */
  readonly directory: string;
  readonly target: { readonly kind: string; readonly name: string };
  /** JSON patch (RFC 6902). */
  readonly patch: readonly object[];
  /** What a reader of the verdict has to know, as the end of a sentence. */
  readonly told: string;
};

/** An Application's upstream source with what it renders. */
export type UpstreamObjects = {
  readonly application: Manifest;
  /** The source's index in `spec.sources`. */
  readonly source: number;
  readonly objects: readonly Manifest[];
};

/**
 * Webhooks and aggregated APIs whose program does not run: the API server would refuse every object
 * they judge. `served` names the Services that lead to a program, as `namespace/name`.
 */
export function withoutUnserved(
  environment: string,
  upstreams: readonly UpstreamObjects[],
  served: ReadonlySet<string>,
): StandIn[] {
  return upstreams.flatMap(({ application, source, objects }) => {
    const unserved = objects.filter((object) =>
      servicesOf(object).some((service) => !served.has(service)),
    );
    if (unserved.length === 0) return [];
    const { kustomize } = (application.spec as Spec).sources[source] ?? {};
    // By kind alone: upstream's kustomization may add a prefix to names, after Argo CD's patches.
    const kinds = new Map(unserved.map(({ apiVersion, kind }) => [kind, apiVersion]));
    const patches = [...kinds].map(([kind, apiVersion]) => ({
      target: { kind },
      patch: dump({ apiVersion, kind, metadata: { name: "all" }, $patch: "delete" }),
    }));
    return [
      {
        directory: `apps/${environment}`,
        target: { kind: "Application", name: application.metadata.name },
        patch: [
          {
            op: "add",
            path: `/spec/sources/${source}/kustomize`,
            value: { ...kustomize, patches: [...(kustomize?.patches ?? []), ...patches] },
          },
        ],
        told: `without ${unserved.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", ")}`,
      },
    ];
  });
}

/** Issuers that would ask an authority on the internet sign by themselves: cert-manager is real. */
export function selfSignedIssuers(resources: readonly Resource[]): StandIn[] {
  return resources
    .filter(({ manifest: { kind, spec } }) => /^(Cluster)?Issuer$/.test(kind) && hasAcme(spec))
    .map(({ target, manifest: { kind, metadata } }) => ({
      directory: target.directory,
      target: { kind, name: metadata.name },
      patch: [{ op: "replace", path: "/spec", value: { selfSigned: {} } }],
      told: `${kind} ${metadata.name} signs by itself instead of by ACME`,
    }));
}

/**
 * The kustomizations with the stand-ins as their last patches: patches of a component would come before
 * the directory's own.
 */
export function writeStandIns(tree: Tree, standIns: readonly StandIn[]): Record<string, string> {
  const files: Record<string, string> = {};
  for (const directory of new Set(standIns.map((each) => each.directory))) {
    const patches = standIns
      .filter((each) => each.directory === directory)
      .map(({ target, patch }) => ({ target, patch: dump(patch) }));
    const file = `${directory}/kustomization.yaml`;
    const kustomization = load(readText(tree, file) ?? "") as { patches?: object[] };
    files[file] = dump({
      ...kustomization,
      patches: [...(kustomization.patches ?? []), ...patches],
    });
  }
  return files;
}

type Spec = {
  readonly sources: readonly { readonly kustomize?: { readonly patches?: readonly object[] } }[];
};

type ServiceReference = { readonly namespace: string; readonly name: string };

/** The Services that the API server would call for an object, as `namespace/name`. */
function servicesOf(object: Manifest): string[] {
  const { kind, webhooks, spec } = object as Manifest & {
    readonly webhooks?: readonly { readonly clientConfig: { service?: ServiceReference } }[];
    readonly spec?: { readonly service?: ServiceReference };
  };
  const services =
    kind === "APIService"
      ? [spec?.service]
      : /^(Mutating|Validating)WebhookConfiguration$/.test(kind)
        ? (webhooks ?? []).map(({ clientConfig }) => clientConfig.service)
        : [];
  return services.flatMap((service) => (service ? [`${service.namespace}/${service.name}`] : []));
}

function hasAcme(spec: unknown): boolean {
  return typeof spec === "object" && spec !== null && "acme" in spec;
}
