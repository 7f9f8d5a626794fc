import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Manifest, Resource } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { upstreamsOf } from "../../scripts/upstream/applications.ts";
import { renderUpstreams } from "../../scripts/upstream/upstreams.ts";
import { repository } from "../support/mutate.ts";

/**
 * What the Applications of an environment render from upstream's repositories, each object in the
 * namespace where it ends up, and `pods` that no file describes.
 */
export async function upstreamIn(
  environment: string,
  pods: readonly Manifest[],
): Promise<Resource[]> {
  const targets = readFleet(repository).targets.filter(
    ({ directory }) => directory === `apps/${environment}`,
  );
  const applications = (await renderTargets(repository, targets)).flatMap(
    ({ resources }) => resources,
  );
  const requests = applications.flatMap(({ manifest }) =>
    upstreamsOf(manifest).map(({ request }) => request),
  );
  const upstream = (await renderUpstreams(requests)).flatMap((rendering, index) => {
    const { application, namespace } = requests[index] ?? {};
    if (rendering.status !== "rendered") throw new Error(`${application} is ${rendering.status}`);
    return rendering.manifests.map((manifest) => ({
      ...manifest,
      metadata: { namespace, ...manifest.metadata } as Manifest["metadata"],
    }));
  });
  const [target] = targets;
  if (target === undefined) throw new Error(`There is no apps/${environment}`);
  const placeOf = () => ({ file: target.directory });
  return [...upstream, ...pods].map((manifest) => ({ target, manifest, placeOf }));
}

/** A pod by its labels, which are all that a policy sees. */
export function pod(
  namespace: string,
  name: string,
  labels: Readonly<Record<string, string>>,
): Manifest {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels } };
}
