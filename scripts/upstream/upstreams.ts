import { SlipwayError } from "../errors.ts";
import type { Manifest } from "../fleet/resource.ts";
import { keepRendered, readRendered, renderedDirectory } from "./cache.ts";
import { findSource, renderSource } from "./render-source.ts";
import type { UpstreamRequest } from "./source.ts";

/** What came of rendering an upstream source. */
export type UpstreamRendering =
  /** What Argo CD applies; CustomResourceDefinitions without their schemas. */
  | { readonly status: "rendered"; readonly manifests: readonly Manifest[] }
  /** The source is there and does not render. */
  | { readonly status: "refused"; readonly message: string }
  /** The source, or the program that renders it, is not to be had here. */
  | { readonly status: "unavailable"; readonly reason: string };

/** Renders upstream sources, in the order asked for. A broken source never hides the others. */
export type RenderUpstreams = (
  requests: readonly UpstreamRequest[],
) => Promise<readonly UpstreamRendering[]>;

/** Renders each different source once, and none that an earlier run has rendered and kept. */
export async function renderUpstreams(
  requests: readonly UpstreamRequest[],
  directory = renderedDirectory(),
): Promise<readonly UpstreamRendering[]> {
  const known = new Map<string, UpstreamRendering>();
  for (const request of requests) {
    const key = JSON.stringify(request);
    if (!known.has(key)) known.set(key, await renderOne(request, directory));
  }
  return requests.map((request) => known.get(JSON.stringify(request)) as UpstreamRendering);
}

/** Everything that a source renders, from an earlier run where one has rendered it. */
export async function renderWhole(request: UpstreamRequest): Promise<readonly Manifest[]> {
  const directory = renderedDirectory();
  return (
    readRendered(directory, request, "whole") ??
    keepRendered(directory, request, "whole", await renderSource(request))
  );
}

async function renderOne(request: UpstreamRequest, directory: string): Promise<UpstreamRendering> {
  const kept = readRendered(directory, request, "brief");
  if (kept !== undefined) return { status: "rendered", manifests: kept };
  const found = await orSentence(findSource(request));
  if (typeof found === "string") {
    // What is not what its checksum says is no reason to do without it.
    if (found.includes("SECURITY ERROR")) throw new SlipwayError(found);
    return { status: "unavailable", reason: found };
  }
  const manifests = await orSentence(found());
  if (typeof manifests === "string") return { status: "refused", message: manifests };
  return {
    status: "rendered",
    manifests: keepRendered(directory, request, "brief", manifests),
  };
}

async function orSentence<Result>(work: Promise<Result>): Promise<Result | string> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SlipwayError) return error.message;
    throw error;
  }
}
