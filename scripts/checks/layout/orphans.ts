import { fleetDirectories } from "../../fleet/fleet.ts";
import { kustomizationNames } from "../../kustomize/kustomization/read.ts";
import { type Graph, readGraph } from "../../render/graph.ts";
import type { Sources } from "../../render/sources.ts";
import { baseName, parent, walk } from "../../tree/tree.ts";
import type { Finding } from "../finding.ts";

/**
 * Files that no target takes, so that Argo CD never sees them. Silent while a kustomization cannot
 * be followed: what it would have taken is not known then.
 */
export function orphanFindings(sources: Sources, graphs: readonly Graph[]): Finding[] {
  if (graphs.some(({ problems }) => problems.some(({ rule }) => rule !== "layout-double")))
    return [];
  const reached = new Set(graphs.flatMap(({ files }) => [...files]));
  const left = fleetDirectories
    .flatMap((directory) => [...walk(sources.tree, directory, () => {})])
    .filter((file) => !reached.has(file) && !isOfAnotherKind(file));
  const unused = left.filter(isKustomization);
  const behind = new Set(
    unused.flatMap((file) => {
      const { files } = readGraph(sources, parent(file));
      return [...files].filter((own) => own !== file);
    }),
  );
  return left
    .filter((file) => !behind.has(file))
    .map((file) => (isKustomization(file) ? unusedFinding(file) : orphanFinding(file)));
}

/** What stands beside the manifests for people and for `slipway`. */
const otherKinds: readonly RegExp[] = [
  // What systems and editors leave, such as .DS_Store.
  /(^|\/)\.[^/]+$/,
  /(^|\/)README\.md$/,
  /^base\/[^/]+\/images\//,
  /^base\/[^/]+\/models\.yaml$/,
  /^base\/[^/]+\/secrets\.yaml$/,
  // What a program makes at run time, for the reader.
  /^base\/[^/]+\/templates\//,
  /^base\/(?:[^/]+\/)+metrics\.yaml$/,
  /^base\/(?:[^/]+\/)+variables\.yaml$/,
  /^clusters\/[^/]+\/sealing-certificate\.pem$/,
  // Test cases of a pipeline travel with it, and no pod needs them.
  /^overlays\/[^/]+\/[^/]+\/release\/[^/]+_bento_test\.yaml$/,
];

function isOfAnotherKind(file: string): boolean {
  return otherKinds.some((kind) => kind.test(file));
}

function isKustomization(file: string): boolean {
  return kustomizationNames.includes(baseName(file));
}

function orphanFinding(file: string): Finding {
  return {
    rule: "layout-orphan",
    severity: "error",
    message: `No kustomization takes "${file}", so Argo CD never sees it`,
    help: `Name it in a kustomization such as "${parent(file)}/kustomization.yaml", or remove it`,
    place: { file, line: 1 },
  };
}

function unusedFinding(file: string): Finding {
  return {
    rule: "layout-orphan",
    severity: "error",
    message: `No target takes "${parent(file)}", so Argo CD never sees what it holds`,
    help: "Name it in an overlay, or remove it",
    place: { file, line: 1 },
  };
}
