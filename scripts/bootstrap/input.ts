import { SlipwayError } from "../errors.ts";
import type { Manifest } from "../fleet/resource.ts";
import { renderWithKustomize } from "../render/kustomize.ts";
import type { Tree } from "../tree/tree.ts";
import type { UpstreamSource } from "../upstream/source.ts";
import { renderWhole } from "../upstream/upstreams.ts";
import { track } from "./tracking.ts";

/** What `clusters/<env>` and `apps/<env>` say is installed first, and what follows. */
export type EnvironmentManifests = {
  /** `clusters/<env>`. */
  readonly cluster: readonly Manifest[];
  /** `apps/<env>`: the Applications. */
  readonly applications: readonly Manifest[];
};

/** Renders an environment's two top directories; a broken one is one sentence. */
export async function renderEnvironment(
  tree: Tree,
  environment: string,
): Promise<EnvironmentManifests> {
  const targets = ["clusters", "apps"].map((app) => ({
    environment,
    app,
    directory: `${app}/${environment}`,
  }));
  const [cluster, applications] = (await renderWithKustomize(tree, targets)).map(
    ({ resources, findings: [finding] }) => {
      if (finding !== undefined) {
        throw new SlipwayError(`Cannot render "${environment}": ${finding.message}`);
      }
      return resources.map(({ manifest }) => manifest);
    },
  );
  return { cluster: track(ARGOCD, ARGOCD, cluster ?? []), applications: applications ?? [] };
}

/** What the Applications' upstream sources bring that has to be there before Argo CD takes over. */
export type UpstreamManifests = {
  /** The CustomResourceDefinitions of all. */
  readonly definitions: readonly Manifest[];
  /** Everything else of Application `argocd`. */
  readonly argocd: readonly Manifest[];
};

/** Renders all upstream sources. Throws a `SlipwayError` where one is not to be had, or Argo CD's is missing. */
export async function renderUpstream(
  applications: readonly Manifest[],
): Promise<UpstreamManifests> {
  const rendered = await Promise.all(applications.map(renderApplication));
  const definitions = rendered.flat().filter(isDefinition);
  const argocd = rendered[applications.findIndex(({ metadata }) => metadata.name === ARGOCD)];
  if (argocd === undefined || argocd.length === 0) {
    throw new SlipwayError(
      'Cannot install Argo CD: there is no Application "argocd" with an upstream source in apps/',
    );
  }
  return { definitions, argocd: argocd.filter((manifest) => !isDefinition(manifest)) };
}

const ARGOCD = "argocd";

/** A source of ours renders one of our directories; every other is an upstream's. */
const ours = /^(apps|clusters|overlays)\//;

async function renderApplication({ metadata: { name }, spec }: Manifest): Promise<Manifest[]> {
  const { sources = [], destination } = spec as ApplicationSpec;
  const { namespace = name } = destination ?? {};
  const rendered = await Promise.all(
    sources
      .filter(({ path }) => !ours.test(path))
      .map((source) => renderWhole({ source, application: name, namespace })),
  );
  return track(name, namespace, rendered.flat());
}

function isDefinition({ kind }: Manifest): boolean {
  return kind === "CustomResourceDefinition";
}

type ApplicationSpec = {
  readonly sources?: readonly UpstreamSource[];
  readonly destination?: { readonly namespace?: string };
};
