import type { Finding } from "../checks/finding.ts";
import { kustomizationNames } from "../kustomize/kustomization/read.ts";
import { isDirectory, join, UnreadableError } from "../tree/tree.ts";
import { isRemote, type Kustomization, type Reference } from "./kustomization.ts";
import { type Sources, unreadableFinding } from "./sources.ts";

/** What a target is made of. */
export type Graph = {
  /** Every file that rendering the target reads. */
  readonly files: ReadonlySet<string>;
  readonly kustomizations: readonly Kustomization[];
  /** What keeps it from rendering, or would surprise: files missing, broken, or taken twice. */
  readonly problems: readonly Finding[];
};

/** Follows the kustomization of a directory to everything it names; each of a tree once. */
export function readGraph(sources: Sources, directory: string): Graph {
  const known = graphs.get(sources) ?? new Map<string, Graph>();
  graphs.set(sources, known);
  const graph = known.get(directory) ?? follow(sources, directory);
  known.set(directory, graph);
  return graph;
}

const graphs = new WeakMap<Sources, Map<string, Graph>>();

function follow(sources: Sources, directory: string): Graph {
  const files = new Set<string>();
  const kustomizations = new Map<string, Kustomization>();
  const problems: Finding[] = [];
  const taken = new Map<string, Reference>();

  /** `variant` tells a base that is taken once per name prefix from one that is taken twice. */
  function visit(directory: string, variant: string, above: readonly string[]): void {
    const kustomization = sources.kustomization(directory);
    const source = kustomizationNames
      .map((name) => sources.source(join(directory, name)))
      .find((found) => found !== undefined);
    if (source !== undefined) files.add(source.file);
    if (source?.problem) problems.push(source.problem);
    if (kustomization === undefined) return;
    kustomizations.set(directory, kustomization);
    const { namespace = "", namePrefix = "", nameSuffix = "" } = kustomization.fields;
    const own =
      `${namespace}${namePrefix}${nameSuffix}` === "" ? variant : `${variant}\n${directory}`;
    for (const reference of kustomization.references) {
      const { role, path } = reference;
      const isCycle = [...above, directory].includes(path);
      if (role !== "data" && !isCycle) report(doubled(kustomization, reference, taken, own));
      const mayBeDirectory = role === "resource" || role === "component" || role === "setting";
      if (mayBeDirectory && isDirectory(sources.tree, path)) {
        if (isCycle) report(cycle(kustomization, reference));
        else if (!hasKustomization(sources, path)) report(missing(kustomization, reference));
        else visit(path, own, [...above, directory]);
      } else if (isRemote(reference.written)) {
        report(remote(kustomization, reference));
      } else {
        files.add(path);
        report(unusable(sources, kustomization, reference));
      }
    }
  }

  function report(problem: Finding | undefined): void {
    if (problem !== undefined) problems.push(problem);
  }

  visit(directory, "", []);
  if (files.size === 0) report(noKustomization(directory));
  return { files, kustomizations: [...kustomizations.values()], problems: unique(problems) };
}

/** One finding for a mistake in a file that several targets or objects share. */
export function unique(findings: readonly Finding[]): Finding[] {
  const known = new Map<string, Finding>();
  for (const finding of findings) {
    const { rule, place, message } = finding;
    const key = JSON.stringify([rule, place, message]);
    const before = known.get(key);
    known.set(key, before === undefined ? finding : shared(before, finding));
  }
  return [...known.values()];
}

function shared(a: Finding, b: Finding): Finding {
  const { target, resource, ...rest } = a;
  return {
    ...rest,
    ...(target && target.directory === b.target?.directory && { target }),
    ...(resource && resource === b.resource && { resource }),
  };
}

/** Whether a directory holds a kustomization, readable or not. */
function hasKustomization({ tree }: Sources, directory: string): boolean {
  return tree.list(directory).some(({ name }) => kustomizationNames.includes(name));
}

function unusable(
  sources: Sources,
  kustomization: Kustomization,
  reference: Reference,
): Finding | undefined {
  const { role, path } = reference;
  if (role !== "data") {
    const source = sources.source(path);
    return source ? source.problem : missing(kustomization, reference);
  }
  try {
    return sources.tree.read(path) ? undefined : missing(kustomization, reference);
  } catch (error) {
    if (error instanceof UnreadableError) return unreadableFinding(error);
    throw error;
  }
}

function missing({ file }: Kustomization, { field, path, role, place }: Reference): Finding {
  const isDirectory = role === "component" || !/\.\w+$/.test(path);
  const wanted = isDirectory ? `"kustomization.yaml" in "${path}"` : `file "${path}"`;
  return {
    rule: "render",
    severity: "error",
    message: `"${file}" names "${path}" under "${field}", and there is no ${wanted}`,
    help: "Correct the path, add what it names, or remove the entry",
    place,
  };
}

function cycle({ file }: Kustomization, { path, place }: Reference): Finding {
  return {
    rule: "render",
    severity: "error",
    message: `"${file}" takes "${path}", which is made from it`,
    help: "Remove one of the two entries",
    place,
  };
}

function remote({ file }: Kustomization, { written, place }: Reference): Finding {
  return {
    rule: "render",
    severity: "error",
    message: `"${file}" takes "${written}" from another repository, so what it renders depends on the network`,
    help: "Name it as a source of the Application, pinned by tag, beside the overlay",
    place,
  };
}

function doubled(
  { file }: Kustomization,
  reference: Reference,
  taken: Map<string, Reference>,
  variant: string,
): Finding | undefined {
  const { role, path, place } = reference;
  const key = `${role}\n${path}\n${variant}`;
  const first = taken.get(key);
  if (first === undefined) {
    taken.set(key, reference);
    return undefined;
  }
  // A base that is taken twice brings all its own entries twice; the two entries of it say enough.
  if (first.place.file === place.file && first.place.line === place.line) return undefined;
  return {
    rule: "layout-double",
    severity: "error",
    message: `"${path}" is taken twice by one target: by "${first.place.file}" line ${first.place.line} and by "${file}" line ${place.line}`,
    help: "Remove one of the two entries",
    place,
  };
}

function noKustomization(directory: string): Finding {
  return {
    rule: "render",
    severity: "error",
    message: `There is no "kustomization.yaml" in "${directory}"`,
    help: "Add one, or remove the directory",
    place: { file: join(directory, "kustomization.yaml") },
  };
}
