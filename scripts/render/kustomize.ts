import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CORE_SCHEMA, dump, loadAll } from "js-yaml";
import type { Finding } from "../checks/finding.ts";
import { SlipwayError } from "../errors.ts";
import type { Manifest, Resource } from "../fleet/resource.ts";
import { type Target, targetName } from "../fleet/target.ts";
import { run } from "../tools/process.ts";
import { tool } from "../tools/tool.ts";
import type { Tree } from "../tree/tree.ts";
import { batches, type Job } from "./batches.ts";
import { withFolder } from "./folder.ts";
import { readGraph } from "./graph.ts";
import { type Origin, provenance } from "./provenance.ts";
import { refusalFinding } from "./refusal.ts";
import type { Render, Rendering } from "./render.ts";
import { readSources, type Sources } from "./sources.ts";

/** Renders by the real kustomize, several targets in a process and two processes at a time. */
export const renderWithKustomize: Render = async (tree, targets) => {
  const sources = readSources(tree);
  const jobs = targets.map((target) => ({ target, graph: readGraph(sources, target.directory) }));
  const sound = jobs.filter(({ graph }) => !graph.problems.some(preventsRendering));
  const rendered = new Map<Target, Rendering>();
  if (sound.length > 0) {
    const kustomize = await tool("kustomize");
    await withFolder(tree, async (root) => {
      await inParallel(2, batches(sources, sound), async (batch) => {
        for (const rendering of await renderBatch(kustomize, root, sources, batch)) {
          rendered.set(rendering.target, rendering);
        }
      });
    });
  }
  return jobs.map(
    ({ target, graph }) =>
      rendered.get(target) ?? { target, resources: [], findings: graph.problems },
  );
};

/** Exactly what `kustomize build` prints for a target. Throws a `SlipwayError` where it prints none. */
export async function renderYaml(tree: Tree, target: Target): Promise<string> {
  const sources = readSources(tree);
  const graph = readGraph(sources, target.directory);
  const kustomize = await tool("kustomize");
  return await withFolder(tree, async (root) => {
    const [problem] = graph.problems.filter(preventsRendering);
    const output = problem ?? (await build(kustomize, join(root, target.directory)));
    if (typeof output === "string") return output;
    const { message, place } =
      "stderr" in output ? refusalFinding(sources, target, root, output.stderr) : output;
    throw new SlipwayError(
      `Cannot render "${targetName(target)}": ${message} (${place.file}:${place.line ?? 1})`,
    );
  });
}

/** A file that is taken twice may still render: kustomize has the word. */
function preventsRendering({ rule }: Finding): boolean {
  return rule !== "layout-double";
}

/** Builds a batch at once and, where kustomize refuses it, each target for itself. */
async function renderBatch(
  kustomize: string,
  root: string,
  sources: Sources,
  batch: readonly Job[],
): Promise<Rendering[]> {
  const output = await build(kustomize, writeWrapper(root, batch));
  if (typeof output === "string") return parseOutput(output, sources, batch);
  const [job, ...others] = batch;
  if (job === undefined) return [];
  if (others.length > 0) {
    const renderings: Rendering[] = [];
    for (const one of batch) {
      renderings.push(...(await renderBatch(kustomize, root, sources, [one])));
    }
    return renderings;
  }
  const { target, graph } = job;
  const isDouble = graph.problems.length > 0 && output.stderr.includes("already registered id");
  const findings = isDouble
    ? graph.problems
    : [refusalFinding(sources, target, root, output.stderr)];
  return [{ target, resources: [], findings }];
}

const marker = "slipway/target";
const originKey = "config.kubernetes.io/origin";

/** A kustomization that takes the targets of a batch and marks each object with its target's number. */
function writeWrapper(root: string, batch: readonly Job[]): string {
  const directory = mkdtempSync(join(root, "batch-"));
  const metadata = batch.flatMap(({ graph }) => graph.kustomizations[0]?.fields.buildMetadata);
  const own = metadata.filter((value) => value !== undefined);
  batch.forEach(({ target }, index) => {
    writeKustomization(join(directory, String(index)), {
      resources: [`../../${target.directory}`],
      transformers: [
        dump({
          apiVersion: "builtin",
          kind: "AnnotationsTransformer",
          metadata: { name: "target" },
          annotations: { [marker]: String(index) },
          fieldSpecs: [{ path: "metadata/annotations", create: true }],
        }),
      ],
    });
  });
  writeKustomization(directory, {
    resources: batch.map((_, index) => String(index)),
    buildMetadata: [...new Set(["originAnnotations", ...own])],
  });
  return directory;
}

function writeKustomization(directory: string, content: object): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "kustomization.yaml"), dump(content));
}

async function build(
  kustomize: string,
  directory: string,
): Promise<string | { readonly stderr: string }> {
  const { stdout, stderr, exitCode } = await run(kustomize, ["build", directory], {
    // A build is over before a collection of garbage pays.
    env: { ...process.env, GOGC: "off" },
  });
  if (exitCode === 0) return stdout;
  // Warnings about deprecated fields come first.
  const refusal = stderr.search(/^Error: /m);
  if (refusal >= 0) return { stderr: stderr.slice(refusal) };
  throw new SlipwayError(
    `Cannot run kustomize: it ended with ${exitCode}${stderr.trim() && ` and says: ${stderr.trim()}`}`,
  );
}

function parseOutput(output: string, sources: Sources, batch: readonly Job[]): Rendering[] {
  const resources = batch.map((): Resource[] => []);
  const placesOf = batch.map(({ target }) => provenance(sources, target.directory));
  for (const document of loadAll(output, { schema: CORE_SCHEMA })) {
    const { manifest, index, origin } = unmark(document as Manifest);
    const target = batch[index]?.target;
    const placeOf = placesOf[index]?.(manifest, origin);
    if (target === undefined || placeOf === undefined)
      throw new Error(`An object of no target: ${JSON.stringify(document)}`);
    resources[index]?.push({ target, manifest, placeOf });
  }
  return batch.map(({ target }, index) => ({
    target,
    resources: resources[index] ?? [],
    findings: [],
  }));
}

/** Takes out the two annotations that are there for us only. */
function unmark(marked: Manifest): {
  readonly manifest: Manifest;
  readonly index: number;
  readonly origin: Origin;
} {
  const { [marker]: index, [originKey]: origin, ...rest } = marked.metadata.annotations ?? {};
  const { annotations: _, ...metadata } = marked.metadata;
  const annotations = Object.keys(rest).length > 0 ? { annotations: rest } : {};
  return {
    manifest: { ...marked, metadata: { ...annotations, ...metadata } },
    index: Number(index),
    origin: (loadAll(origin ?? "")[0] ?? {}) as Origin,
  };
}

/** Works on all items, on at most `width` of them at a time. */
async function inParallel<Item>(
  width: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
