import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dump, loadAll } from "js-yaml";
import type { Cluster } from "./cluster.ts";

/** A kind whose status a kwok Stage writes, because its controller does not run. */
export type SimulatedKind = {
  readonly apiVersion: string;
  readonly kind: string;
  /** The Stage, YAML. */
  readonly stage: string;
};

/**
 * The Stages of nodes and pods: what a kubelet would do. A pod of one of these ServiceAccounts stands
 * for a program that really runs, and waits for the annotation that says it answers.
 */
export function coreStages(accounts: readonly string[], answers: string): string {
  const stages = readAll("stages");
  const ready = stages.filter(({ metadata }) => metadata.name === "pod-ready");
  const others = stages.filter((stage) => !ready.includes(stage));
  const account = ".spec.serviceAccountName";
  return print([
    ...others,
    ...ready.map((stage) => select(stage, "", [oneOf(account, "NotIn", accounts)])),
    ...ready.map((stage) =>
      select(stage, "-program", [
        oneOf(account, "In", accounts),
        { key: `.metadata.annotations["${answers}"]`, operator: "Exists" },
      ]),
    ),
  ]);
}

/** One per file below `simulated/`: a Gateway that is programmed, and so on. */
export function simulatedKinds(): readonly SimulatedKind[] {
  return readAll("simulated").map((stage) => ({
    apiVersion: stage.spec.resourceRef.apiGroup,
    kind: stage.spec.resourceRef.kind,
    stage: print([stage]),
  }));
}

type Stage = {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly resourceRef: { readonly apiGroup: string; readonly kind: string };
    readonly selector?: { readonly matchExpressions: readonly object[] };
  };
};

function oneOf(key: string, operator: "In" | "NotIn", values: readonly string[]): object {
  return { key, operator, values };
}

function select(stage: Stage, suffix: string, expressions: readonly object[]): Stage {
  const matchExpressions = [...(stage.spec.selector?.matchExpressions ?? []), ...expressions];
  return {
    ...stage,
    metadata: { ...stage.metadata, name: `${stage.metadata.name}${suffix}` },
    spec: { ...stage.spec, selector: { matchExpressions } },
  };
}

function print(stages: readonly Stage[]): string {
  return stages.map((stage) => dump(stage)).join("---\n");
}

function readAll(folder: string): Stage[] {
  const directory = join(import.meta.dirname ?? "", folder);
  return readdirSync(directory)
    .sort()
    .flatMap((file) => loadAll(readFileSync(join(directory, file), "utf8")) as unknown as Stage[]);
}

/** Kinds of kubelets and of the metrics API: never real here. */
const alwaysSimulated = ["Node", "Pod", "PodMetrics"];

/** The kinds with simulated parts of which the cluster has an object. */
export async function simulatedAmong(cluster: Cluster): Promise<readonly string[]> {
  const present = await Promise.all(
    simulatedKinds().map(async ({ apiVersion, kind }) =>
      (await cluster.serves(apiVersion, kind)) && (await cluster.list(apiVersion, kind)).length > 0
        ? [kind]
        : [],
    ),
  );
  const metrics = (await asksPrometheus(cluster)) ? ["ExternalMetricValue"] : [];
  return [...alwaysSimulated, ...metrics, ...new Set(present.flat())].sort();
}

/** Whether an autoscaler reads, through KEDA, what a Prometheus would know that had anything to scrape. */
async function asksPrometheus(cluster: Cluster): Promise<boolean> {
  const [apiVersion, kind] = ["keda.sh/v1alpha1", "ScaledObject"];
  if (!(await cluster.serves(apiVersion, kind))) return false;
  const scaledObjects = await cluster.list(apiVersion, kind);
  return scaledObjects.some(({ spec }) =>
    spec.triggers.some(({ type }: { readonly type: string }) => type === "prometheus"),
  );
}
