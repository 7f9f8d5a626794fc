import { SlipwayError } from "../errors.ts";
import type { Manifest, Resource } from "../fleet/resource.ts";
import { renderAll } from "../render/environment.ts";
import { renderTargets } from "../render/targets.ts";
import type { Tree } from "../tree/tree.ts";
import { upstreamsOf } from "../upstream/applications.ts";
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
  const [cluster, applications] = (await renderTargets(tree, targets)).map(
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

/** The CustomResourceDefinitions of the environment's own overlays: of an operator that publishes no manifests. */
export async function renderDefinitions(tree: Tree, environment: string): Promise<Manifest[]> {
  return definitionsAmong(await renderAll(tree, environment));
}

/** The same where the environment is rendered already. */
export function definitionsAmong(resources: readonly Resource[]): Manifest[] {
  return resources.map(({ manifest }) => manifest).filter(isDefinition);
}

const ARGOCD = "argocd";

async function renderApplication(application: Manifest): Promise<Manifest[]> {
  const wanted = upstreamsOf(application);
  const rendered = await Promise.all(wanted.map(({ request }) => renderWhole(request)));
  const namespace = wanted[0]?.request.namespace ?? "";
  return track(application.metadata.name, namespace, rendered.flat());
}

function isDefinition({ kind }: Manifest): boolean {
  return kind === "CustomResourceDefinition";
}
