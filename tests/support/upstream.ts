import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Manifest, Resource } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { upstreamsOf } from "../../scripts/upstream/applications.ts";
import { renderUpstreams } from "../../scripts/upstream/upstreams.ts";
import { repository } from "./mutate.ts";

/** The Applications of an environment. */
export async function applicationsIn(environment: string): Promise<Resource[]> {
  const targets = readFleet(repository).targets.filter(
    ({ directory }) => directory === `apps/${environment}`,
  );
  return (await renderTargets(repository, targets)).flatMap(({ resources }) => resources);
}

/** What an Application renders from other people's repositories, in the namespaces where it ends up. */
export async function upstreamOf(application: Resource): Promise<Resource[]> {
  const requests = upstreamsOf(application.manifest).map(({ request }) => request);
  const renderings = await renderUpstreams(requests);
  return renderings.flatMap((rendering, index) => {
    const { application: name, namespace } = requests[index] ?? {};
    if (rendering.status !== "rendered") throw new Error(`Upstream of ${name} is not to be had`);
    return rendering.manifests.map((manifest) => {
      const metadata = { namespace, ...manifest.metadata } as Manifest["metadata"];
      return { ...application, manifest: { ...manifest, metadata } };
    });
  });
}
