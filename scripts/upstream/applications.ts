import type { Manifest } from "../fleet/resource.ts";
import type { UpstreamRequest, UpstreamSource } from "./source.ts";

/** What an Application takes from an upstream repository. */
export type WantedUpstream = {
  /** Its place in `spec.sources`. */
  readonly index: number;
  readonly request: UpstreamRequest;
};

/** An Application's upstream sources: those that render none of our own directories. */
export function upstreamsOf({ metadata: { name }, spec }: Manifest): WantedUpstream[] {
  const { sources = [], destination } = spec as ApplicationSpec;
  const { namespace = name } = destination ?? {};
  return sources
    .map((source, index) => ({ index, request: { source, application: name, namespace } }))
    .filter(({ request }) => !ours.test(request.source.path));
}

const ours = /^(apps|clusters|overlays)\//;

type ApplicationSpec = {
  readonly sources?: readonly UpstreamSource[];
  readonly destination?: { readonly namespace?: string };
};
