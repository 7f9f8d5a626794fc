import { openRehearsal, type Rehearsal, type Verdict } from "../../scripts/rehearsal/rehearsal.ts";
import type { TimelineEvent } from "../../scripts/rehearsal/timeline.ts";
import { overlayTree } from "../../scripts/tree/memory.ts";
import { readText, type Tree } from "../../scripts/tree/tree.ts";
import { workingDirectory } from "../../scripts/tree/working-directory.ts";

/** The repository as it stands. */
export const repository: Tree = workingDirectory(process.cwd());

/** An empty cluster for an environment, and the timeline of what is synced into it. */
export async function openQuietly(
  environment: string,
): Promise<Rehearsal & { readonly timeline: TimelineEvent[] }> {
  const timeline: TimelineEvent[] = [];
  const rehearsal = await openRehearsal(environment, {
    onBuild: () => {},
    onPhase: () => {},
    onEvent: (event) => timeline.push(event),
    onStates: () => {},
  });
  return { ...rehearsal, timeline };
}

/**
 * A tree with a part of an environment's Applications: what a test is about, and what that stands on.
 * The whole platform takes a minute.
 */
export function withApplications(
  tree: Tree,
  environment: string,
  names: readonly string[],
): Record<string, string> {
  const file = `apps/${environment}/kustomization.yaml`;
  const lines = (readText(tree, file) ?? "").split("\n").filter((line) => {
    const [, resource, component] =
      /^ {2}- (?:([\w-]+)\.yaml|\.\.\/\.\.\/base\/([\w-]+)\/application)$/.exec(line) ?? [];
    const name = resource ?? component;
    return name === undefined || name === "components" || names.includes(name);
  });
  return { [file]: lines.join("\n") };
}

/** Why a sync failed; nothing for a healthy one. */
export function causesOf(verdict: Verdict): readonly string[] {
  if (verdict.kind === "healthy") return [];
  return verdict.causes.map(({ application, resource, message, events }) =>
    [application, resource?.kind, resource?.name, message, ...events].join(" | "),
  );
}

/** The repository with a text replaced wherever a file holds it; throws where the file does not hold it. */
export function edited(file: string, from: string, to: string): Tree {
  const text = readText(repository, file);
  if (!text?.includes(from)) throw new Error(`"${file}" does not hold "${from}"`);
  return overlayTree(repository, { [file]: text.replaceAll(from, to) });
}

/** The line of a file, from 1, that holds a text. */
export function lineOf(file: string, text: string): number {
  return (
    (readText(repository, file) ?? "").split("\n").findIndex((line) => line.includes(text)) + 1
  );
}
