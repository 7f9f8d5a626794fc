import type { Manifest, Resource } from "../../fleet/resource.ts";
import { definitionsIn } from "../../fleet/scope.ts";
import type { Target } from "../../fleet/target.ts";
import { namespaceOf } from "../../render/kustomization.ts";
import type { Rendering } from "../../render/render.ts";
import type { Sources } from "../../render/sources.ts";
import { join } from "../../tree/tree.ts";
import { list, mapping, text, valueAt } from "../../yaml/value.ts";
import type { CheckContext, RenderedUpstream } from "../check.ts";

/** One environment as Argo CD sees it. */
export type Cluster = {
  readonly environment: string;
  /** What a fork sets for this environment, by the placeholder that it replaces. */
  readonly settings: Readonly<Record<string, string>>;
  /** The Applications of `apps/<env>`. */
  readonly applications: readonly Application[];
  /** The Application of `clusters/<env>` that owns them. */
  readonly root: Application | undefined;
  readonly projects: readonly Resource[];
  readonly namespaces: ReadonlySet<string>;
  /** Targets of this environment that exist, rendered or not. */
  readonly targets: readonly Target[];
  readonly renderings: readonly Rendering[];
  /** What its Applications take from other repositories. */
  readonly upstreams: readonly UpstreamSource[];
  readonly definitions: readonly Manifest[];
  /** The namespace that the kustomization of a target sets; empty where it sets none. */
  readonly namespaceOf: (target: Target) => string;
};

export type Application = {
  readonly name: string;
  readonly resource: Resource;
  readonly project: string;
  readonly namespace: string;
  readonly sources: readonly ApplicationSource[];
};

type ApplicationSource = {
  readonly index: number;
  readonly repository: string;
  readonly path: string;
  readonly revision: string;
  /** Whether it is this repository. */
  readonly isOwn: boolean;
};

/** A source of an Application that is somebody else's, as rendered. */
export type UpstreamSource = {
  readonly application: Application;
  /** Its place in `spec.sources`. */
  readonly index: number;
  /** None where it did not render; their place is the source's in the Application. */
  readonly resources: readonly Resource[];
  /** What the renderer says where the source is there and does not render. */
  readonly refusal?: string;
};

/** Reads an environment; undefined where its Applications or its projects were not rendered. */
export function readCluster(
  { fleet, renderings, upstreams = [] }: CheckContext,
  sources: Sources,
  environment: string,
): Cluster | undefined {
  const own = renderings.filter(({ target }) => target.environment === environment);
  const applications = rendered(own, join("apps", environment));
  const cluster = rendered(own, join("clusters", environment));
  if (applications === undefined || cluster === undefined) return undefined;
  const settings = readSettings(sources, environment);
  const manifests = own.flatMap(({ resources }) => resources.map(({ manifest }) => manifest));
  const read = (resource: Resource) => readApplication(resource, settings.repository ?? "");
  const children = ofKind(applications, "Application").map(read);
  const sourcesOfOthers = children.flatMap((application) => readUpstreams(application, upstreams));
  return {
    environment,
    settings,
    applications: children,
    root: ofKind(cluster, "Application").map(read)[0],
    projects: ofKind(cluster, "AppProject"),
    namespaces: new Set([
      ...builtIn,
      ...manifests.flatMap(({ kind, metadata }) => (kind === "Namespace" ? [metadata.name] : [])),
    ]),
    targets: fleet.targets.filter((target) => target.environment === environment),
    renderings: own,
    upstreams: sourcesOfOthers,
    definitions: definitionsIn([
      ...manifests,
      ...sourcesOfOthers.flatMap(({ resources }) => resources.map(({ manifest }) => manifest)),
    ]),
    namespaceOf: (target) => namespaceOf(sources.kustomization(target.directory)),
  };
}

/** The Applications of an environment with what they render from this repository. */
export function deployments({
  applications,
  root,
  renderings,
}: Cluster): { readonly application: Application; readonly rendering: Rendering }[] {
  return [...applications, ...(root ? [root] : [])].flatMap((application) =>
    renderings
      .filter(({ target }) =>
        application.sources.some(({ isOwn, path }) => isOwn && path === target.directory),
      )
      .map((rendering) => ({ application, rendering })),
  );
}

/** Where the Applications of an environment are expected to render from. */
export function expectedPath({ environment }: Cluster, { name }: Application): string {
  // Argo CD's own Application has the cluster's directory beside upstream's manifests.
  return name === "argocd" ? join("clusters", environment) : join("overlays", environment, name);
}

/** The target of a path in this environment. */
export function targetAt({ targets }: Cluster, path: string): Target | undefined {
  return targets.find(({ directory }) => directory === path);
}

/** Namespaces that every cluster has. */
const builtIn = ["default", "kube-node-lease", "kube-public", "kube-system"];

function rendered(
  renderings: readonly Rendering[],
  directory: string,
): readonly Resource[] | undefined {
  const found = renderings.find(({ target }) => target.directory === directory);
  return found === undefined || found.findings.length > 0 ? undefined : found.resources;
}

function ofKind(resources: readonly Resource[], kind: string): Resource[] {
  return resources.filter(
    ({ manifest }) => manifest.kind === kind && manifest.apiVersion.startsWith("argoproj.io/"),
  );
}

function readSettings(sources: Sources, environment: string): Readonly<Record<string, string>> {
  const file = join("clusters", environment, "environment", "environment.yaml");
  const data = mapping(valueAt(sources.source(file)?.documents[0]?.value, ["data"]));
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, String(value)]));
}

function readApplication(resource: Resource, repository: string): Application {
  const { manifest } = resource;
  const spec = mapping(manifest.spec);
  return {
    name: manifest.metadata.name,
    resource,
    project: text(spec.project) ?? "",
    namespace: text(valueAt(spec, ["destination", "namespace"])) ?? "",
    sources: list(spec.sources).map((source, index) => {
      const { repoURL, path, targetRevision } = mapping(source);
      return {
        index,
        repository: text(repoURL) ?? "",
        path: text(path) ?? "",
        revision: String(targetRevision ?? ""),
        isOwn: repoURL === repository,
      };
    }),
  };
}

function readUpstreams(
  application: Application,
  upstreams: readonly RenderedUpstream[],
): UpstreamSource[] {
  return upstreams
    .filter((upstream) => upstream.application === application.resource)
    .map(({ index, rendering }) => ({
      application,
      index,
      resources: (rendering.status === "rendered" ? rendering.manifests : []).map((manifest) => ({
        target: application.resource.target,
        manifest,
        placeOf: () => application.resource.placeOf(["spec", "sources", index, "path"]),
      })),
      ...(rendering.status === "refused" && { refusal: rendering.message }),
    }));
}
