import { SlipwayError } from "../errors.ts";
import type { Manifest } from "../fleet/resource.ts";
import { renderWithKustomize } from "../render/kustomize.ts";
import type { Tree } from "../tree/tree.ts";
import type { UpstreamSource } from "../upstream/source.ts";
import { renderWhole } from "../upstream/upstreams.ts";

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
  return { cluster: cluster ?? [], applications: applications ?? [] };
}

/** Argo CD's own objects, as Application `argocd` renders its upstream source. */
export async function renderArgocd(
  applications: readonly Manifest[],
): Promise<readonly Manifest[]> {
  const argocd = applications.find(({ metadata }) => metadata.name === "argocd");
  const { sources = [], destination } = (argocd?.spec ?? {}) as ApplicationSpec;
  const [upstream] = sources;
  if (upstream === undefined) {
    throw new SlipwayError(
      'Cannot install Argo CD: there is no Application "argocd" with an upstream source in apps/',
    );
  }
  const { namespace = "argocd" } = destination ?? {};
  return await renderWhole({ source: upstream, application: "argocd", namespace });
}

type ApplicationSpec = {
  readonly sources?: readonly UpstreamSource[];
  readonly destination?: { readonly namespace?: string };
};
