import type { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import type { Resource } from "../scripts/fleet/resource.ts";
import { autoscalerOf, autoscalersOf } from "./autoscaler.ts";
import { groupKind, resourcesOf, sameNamespace, type Typed, title } from "./kinds.ts";
import type { Policy, Report } from "./policy.ts";
import { indexBySelector } from "./selector.ts";
import { shown, valueAt } from "./values.ts";
import { podTemplateOf } from "./workload.ts";

/** A drain that takes all pods at once is an outage; one that may take none never ends. */
export const disruptionBudget: Policy = {
  id: "disruption-budget",
  severity: "error",
  description: "Every workload of several pods has one disruption budget, and it lets a pod go",
  help: "Give the workload one PodDisruptionBudget with maxUnavailable: 1",
  check(resources, report) {
    const autoscalers = autoscalersOf(resources);
    const budgets = resourcesOf(resources, "policy/PodDisruptionBudget");
    const selecting = indexBySelector(budgets, ({ manifest }) => manifest.spec?.selector);
    const covered = new Map<Budget, number[]>(budgets.map((budget) => [budget, []]));
    for (const resource of resources) {
      const workload = workloadOf(resource, autoscalers);
      if (!workload) continue;
      const own = selecting(workload.labels).filter((budget) => sameNamespace(budget, resource));
      for (const budget of own) covered.get(budget)?.push(workload.fewest);
      checkWorkload(workload, own, report);
    }
    for (const [budget, pods] of covered) checkBudget(budget, pods, report);
  },
};

type Budget = Typed<IPodDisruptionBudget>;

/** A workload whose pods are interchangeable, and the fewest of them it keeps. */
type Workload = {
  readonly resource: Resource;
  readonly labels: Readonly<Record<string, string>>;
  readonly fewest: number;
};

function workloadOf(
  resource: Resource,
  autoscalers: ReturnType<typeof autoscalersOf>,
): Workload | undefined {
  const pod = podTemplateOf(resource);
  if (!pod || !replicated.has(groupKind(resource.manifest))) return undefined;
  const replicas = valueAt(resource.manifest, ["spec", "replicas"]);
  const fewest =
    autoscalerOf(resource.manifest, autoscalers)?.minimum ??
    (typeof replicas === "number" ? replicas : 1);
  return { resource, labels: pod.labels, fewest };
}

function checkWorkload(
  { resource, fewest }: Workload,
  [first, second]: readonly Budget[],
  report: Report,
): void {
  const name = title(resource.manifest);
  if (!first && fewest > 1) {
    report(resource, {
      path: ["spec"],
      message: `${name} keeps at least ${fewest} pods and has no PodDisruptionBudget`,
    });
  }
  if (!first || !second) return;
  report(second, {
    path: ["spec", "selector"],
    message: `${title(second.manifest)} selects the pods of ${name}, as ${title(first.manifest)} does: a pod with two budgets cannot be evicted`,
  });
}

/** `covered` has the fewest pods of each workload that the budget selects. */
function checkBudget(budget: Budget, covered: readonly number[], report: Report): void {
  const most = amountOf(budget.manifest.spec?.maxUnavailable);
  const least = amountOf(budget.manifest.spec?.minAvailable);
  const complain = (message: string, ...field: string[]) =>
    report(budget, {
      path: ["spec", ...field],
      message: `${title(budget.manifest)} ${message}`,
    });
  if (most !== undefined && least !== undefined) {
    complain('sets both "maxUnavailable" and "minAvailable", which the API refuses');
  } else if (most !== undefined) {
    if (Number.parseFloat(most) > 0) return;
    complain(`never lets a pod go: "maxUnavailable" is "${most}"`, "maxUnavailable");
  } else if (least !== undefined) {
    // At zero pods there is nothing to drain: what counts is the first one.
    const pods = Math.max(
      1,
      covered.reduce((sum, fewest) => sum + fewest, 0),
    );
    const blocks = covered.length === 0 ? keepsAll(least) : kept(least, pods) >= pods;
    if (!blocks) return;
    const of = covered.length === 0 ? "" : ` and there may be only ${pods}`;
    complain(`never lets a pod go: "minAvailable" is "${least}"${of}`, "minAvailable");
  } else {
    // Kubernetes reads such a budget as expecting no pods, and then allows no disruption.
    complain('never lets a pod go: it sets neither "maxUnavailable" nor "minAvailable"');
  }
}

/** `1` and `"50%"` as text; undefined where the field is not set. */
function amountOf(field: unknown): string | undefined {
  return (field ?? undefined) === undefined ? undefined : shown(field);
}

function keepsAll(least: string): boolean {
  return least.endsWith("%") && Number.parseFloat(least) >= 100;
}

/** Percentages are rounded up, as the disruption controller does. */
function kept(least: string, pods: number): number {
  const amount = Number.parseFloat(least);
  return least.endsWith("%") ? Math.ceil((amount / 100) * pods) : amount;
}

/** A DaemonSet's pods stay with their node, a Job's end by themselves. */
const replicated: ReadonlySet<string> = new Set([
  "apps/Deployment",
  "apps/StatefulSet",
  "apps/ReplicaSet",
]);
