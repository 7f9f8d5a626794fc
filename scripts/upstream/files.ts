import { existsSync } from "node:fs";
import { join } from "node:path";
import { kustomizationNames } from "../kustomize/kustomization/read.ts";
import { readGraph } from "../render/graph.ts";
import { isRemote } from "../render/kustomization.ts";
import { readSources } from "../render/sources.ts";
import { walk } from "../tree/tree.ts";
import { workingDirectory } from "../tree/working-directory.ts";
import { refusal, type UpstreamSource } from "./source.ts";

/** Whether Argo CD takes a source for a chart: by its overrides, else by what its path holds. */
export function isChart(folder: string, { path, helm, kustomize }: UpstreamSource): boolean {
  if (helm !== undefined || kustomize !== undefined) return helm !== undefined;
  return existsSync(join(folder, path, "Chart.yaml"));
}

/**
 * The files of an upstream repository that rendering a source reads; an operator's sources are many
 * times larger. Throws a `SlipwayError` where there is nothing to render.
 */
export function sourceFiles(folder: string, source: UpstreamSource): string[] {
  const tree = workingDirectory(folder);
  const names = isChart(folder, source) ? ["Chart.yaml"] : kustomizationNames;
  if (!names.some((name) => existsSync(join(folder, source.path, name)))) {
    throw refusal(source, `there is no "${names[0]}"`);
  }
  if (isChart(folder, source)) return [...walk(tree, source.path)];
  const graph = readGraph(readSources(tree), source.path);
  const remote = graph.kustomizations
    .flatMap(({ references }) => references)
    .find(({ written }) => isRemote(written));
  if (remote === undefined) return [...graph.files];
  throw refusal(
    source,
    `"${remote.place.file}" takes "${remote.written}" from another repository, which would depend on the network`,
  );
}
