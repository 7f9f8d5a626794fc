import { readGraph, unique } from "../render/graph.ts";
import { readSources } from "../render/sources.ts";
import type { Check } from "./check.ts";
import type { Finding } from "./finding.ts";
import { environmentFindings } from "./layout/environments.ts";
import { fileFindings } from "./layout/files.ts";
import { manifestFindings } from "./layout/manifests.ts";
import { orphanFindings } from "./layout/orphans.ts";
import { releaseFindings } from "./layout/release.ts";

/** Says whether the files are where their names say, can be read, and reach a target once. */
export const layoutCheck: Check = {
  id: "layout",
  description: "Every file can be read, is named after what it holds, and reaches a target once",
  run({ tree, fleet, renderings }) {
    const sources = readSources(tree);
    const graphs = fleet.targets.map(({ directory }) => readGraph(sources, directory));
    const kustomizations = new Set(graphs.flatMap(({ kustomizations }) => kustomizations));
    const broken = fileFindings(sources, graphs);
    const findings = [
      ...graphs.flatMap(({ problems }) => problems.filter(({ rule }) => rule !== "render")),
      ...broken,
      ...orphanFindings(sources, graphs).filter(
        (orphan) => !broken.some(({ place }) => place.file === orphan.place.file),
      ),
      ...[...kustomizations].flatMap((kustomization) => [
        ...manifestFindings(sources, kustomization),
        ...releaseFindings(kustomization),
      ]),
      ...environmentFindings(tree, fleet),
    ];
    const told = new Set(renderings.flatMap(({ findings }) => findings.map(identity)));
    return {
      status: "ran",
      findings: unique(findings).filter((finding) => !told.has(identity(finding))),
    };
  },
};

/** A broken file keeps targets from rendering, and then the renderer has said so. */
function identity({ rule, place, message }: Finding): string {
  return JSON.stringify([rule, place, message]);
}
