import type { Target } from "../fleet/target.ts";
import { mapping, text } from "../yaml/value.ts";
import type { Graph } from "./graph.ts";
import type { Sources } from "./sources.ts";

/** A target and the files it is made of. */
export type Job = { readonly target: Target; readonly graph: Graph };

/** More targets than this in one process take longer than two processes do. */
const largestBatch = 10;

/**
 * Groups targets that one kustomize process may build together with the same result as apart: of
 * one environment, no namespace twice (names would meet), nothing that acts on its neighbours.
 */
export function batches(sources: Sources, jobs: readonly Job[]): readonly (readonly Job[])[] {
  const open: { readonly taken: Set<string>; readonly jobs: Job[] }[] = [];
  const alone: Job[][] = [];
  for (const job of jobs) {
    if (actsOnNeighbours(sources, job.graph)) {
      alone.push([job]);
      continue;
    }
    const environment = `environment ${job.target.environment}`;
    const namespace = `namespace ${namespaceOf(sources, job.target)}`;
    const batch = open.find(
      ({ taken, jobs }) =>
        taken.has(environment) && !taken.has(namespace) && jobs.length < largestBatch,
    );
    if (batch === undefined) open.push({ taken: new Set([environment, namespace]), jobs: [job] });
    else {
      batch.taken.add(namespace);
      batch.jobs.push(job);
    }
  }
  return [...open.map(({ jobs }) => jobs), ...alone];
}

/** The namespace that a target's kustomization gives its objects; empty where it gives none. */
export function namespaceOf(sources: Sources, { directory }: Target): string {
  return text(sources.kustomization(directory)?.fields.namespace) ?? "";
}

/** Kustomize applies these to everything one process builds, wherever they stand. */
function actsOnNeighbours(sources: Sources, { kustomizations }: Graph): boolean {
  return kustomizations.some(
    ({ fields, references }) =>
      ["buildMetadata", "crds", "openapi", "vars"].some((field) => field in fields) ||
      references.some(({ field, path }) => {
        if (field !== "configurations") return false;
        const documents = sources.source(path)?.documents ?? [];
        return documents.some(({ value }) =>
          ["nameReference", "varReference"].some((key) => key in mapping(value)),
        );
      }),
  );
}
