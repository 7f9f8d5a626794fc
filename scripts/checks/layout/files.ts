import { fleetDirectories } from "../../fleet/fleet.ts";
import type { Graph } from "../../render/graph.ts";
import { type Sources, unreadableFinding } from "../../render/sources.ts";
import { UnreadableError, walk } from "../../tree/tree.ts";
import type { Finding } from "../finding.ts";

/** Files that cannot be read, and YAML that cannot be parsed, whether or not a target takes them. */
export function fileFindings(sources: Sources, graphs: readonly Graph[]): Finding[] {
  const findings: Finding[] = [];
  const data = dataFiles(graphs);
  for (const directory of fleetDirectories) {
    const files = walk(sources.tree, directory, (error) => findings.push(unreadableFinding(error)));
    for (const file of files) {
      const isYaml = /\.ya?ml$/.test(file) && !data.has(file);
      const problem = isYaml ? sources.source(file)?.problem : unreadable(sources, file);
      if (problem !== undefined) findings.push(problem);
    }
  }
  return findings;
}

/** What only generators take: text in a ConfigMap need not be YAML, whatever its name says. */
function dataFiles(graphs: readonly Graph[]): ReadonlySet<string> {
  const references = graphs.flatMap(({ kustomizations }) =>
    kustomizations.flatMap(({ references }) => references),
  );
  const parsed = new Set(references.filter(({ role }) => role !== "data").map(({ path }) => path));
  return new Set(
    references.flatMap(({ role, path }) => (role === "data" && !parsed.has(path) ? [path] : [])),
  );
}

function unreadable({ tree }: Sources, file: string): Finding | undefined {
  try {
    tree.read(file);
    return undefined;
  } catch (error) {
    if (error instanceof UnreadableError) return unreadableFinding(error);
    throw error;
  }
}
