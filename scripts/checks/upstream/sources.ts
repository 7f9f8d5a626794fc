import type { Resource } from "../../fleet/resource.ts";
import { isRemote } from "../../render/kustomization.ts";
import { readSources } from "../../render/sources.ts";
import type { UpstreamRequest, UpstreamSource } from "../../upstream/source.ts";
import { list, valueAt } from "../../yaml/value.ts";
import { readCluster } from "../argo/cluster.ts";
import type { CheckContext } from "../check.ts";

/** A source that has to be rendered for the checks, and whose it is. */
type WantedSource = {
  readonly application: Resource;
  /** Its place in `spec.sources`. */
  readonly index: number;
  readonly request: UpstreamRequest;
};

/** What the Applications of every rendered environment take from other repositories. */
export function upstreamSources(context: CheckContext): WantedSource[] {
  const sources = readSources(context.tree);
  return (
    context.fleet.environments
      .flatMap((environment) => readCluster(context, sources, environment) ?? [])
      // Where the environment does not say which repository is ours, none can be told from it.
      .filter(({ settings }) => settings.repository !== undefined)
      .flatMap(({ applications }) => applications)
      .flatMap(({ name, namespace, resource, sources }) =>
        sources
          .filter(({ isOwn, repository }) => !isOwn && isRemote(repository))
          .map(({ index }) => ({
            application: resource,
            index,
            request: {
              application: name,
              namespace,
              source: list(valueAt(resource.manifest, ["spec", "sources"]))[
                index
              ] as UpstreamSource,
            },
          })),
      )
  );
}
