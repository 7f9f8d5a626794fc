import type { ApplicationState, ResourceState } from "./application-state.ts";
import type { LiveObject } from "./cluster.ts";
import { retryOf } from "./timeline.ts";

/** What a look at the cluster is judged by. */
export type Expectation = {
  /** Applications that have to be there; `root` is one of them. */
  readonly applications: readonly string[];
  /** The commit that each has to have synced. */
  readonly revision: string;
};

/** One look at everything a verdict depends on. */
export type Observation = {
  readonly applications: readonly ApplicationState[];
  readonly autoscalers: readonly LiveObject[];
};

/** Why it is not healthy: the controller's own words, and which object they are about. */
export type Cause = {
  readonly application: string;
  readonly resource: ResourceState | undefined;
  readonly message: string;
};

export type Judgement =
  | { readonly kind: "healthy" }
  /** On its way: what it still waits for. */
  | { readonly kind: "waiting"; readonly causes: readonly Cause[] }
  /** It will not get better by itself, first cause first. */
  | { readonly kind: "failed"; readonly causes: readonly Cause[] }
  /** Something is Degraded, differs from git or cannot be compared: a failure if it stays so. */
  | { readonly kind: "degraded"; readonly causes: readonly Cause[] };

/** Argo CD repeats a failing sync for ever; after this many attempts the answer stands. */
const ATTEMPTS = 2;
/** A project may change with the same commit, by the sync of another Application, which takes ten seconds. */
const ATTEMPTS_FOR_PROJECT = 4;

/** Judges one look. Whether an answer lasts is the caller's to see. */
export function judge(observation: Observation, expectation: Expectation): Judgement {
  const applications = inOrder(observation.applications);
  const failed = applications.flatMap((state) => failureOf(state, expectation.revision));
  if (failed.length > 0) return { kind: "failed", causes: failed };

  const degraded = applications.flatMap((state) => [
    ...degradedOf(state),
    ...driftOf(state, expectation.revision),
  ]);
  if (degraded.length > 0) return { kind: "degraded", causes: degraded };

  const waiting = expectation.applications.flatMap((name) => {
    const state = applications.find((each) => each.name === name);
    if (state === undefined) return [causeOf(name, "It does not exist yet")];
    return isDone(state, expectation.revision) ? [] : unhealthyOf(state);
  });
  waiting.push(...observation.autoscalers.flatMap((each) => inactiveOf(each, applications)));
  return waiting.length > 0 ? { kind: "waiting", causes: waiting } : { kind: "healthy" };
}

/** The Application of Applications: its trouble is always another's. */
const ROOT = "root";

function inOrder(applications: readonly ApplicationState[]): ApplicationState[] {
  return applications.toSorted((a, b) => a.wave - b.wave || (a.name < b.name ? -1 : 1));
}

function isDone(
  { sync, health, revisions, operation }: ApplicationState,
  revision: string,
): boolean {
  return (
    sync === "Synced" &&
    health === "Healthy" &&
    revisions.includes(revision) &&
    // What bootstrap has applied as git says needs no sync at all.
    (operation === undefined || operation.phase === "Succeeded")
  );
}

/** A sync of the expected commit that was refused or ran into its timeout. */
function failureOf(state: ApplicationState, revision: string): Cause[] {
  const { name, operation } = state;
  // Until a retry takes the new commit, the operation tells of the one before.
  if (name === ROOT || operation === undefined || !operation.revisions.includes(revision))
    return [];
  const { phase, message } = operation;
  const isOver = phase === "Failed" || phase === "Error";
  const attempts = message.includes("not permitted in project") ? ATTEMPTS_FOR_PROJECT : ATTEMPTS;
  if (!isOver && (retryOf(message) ?? 0) < attempts) return [];
  const refused = state.resources.filter(({ result }) => result === "SyncFailed");
  if (refused.length > 0) {
    return refused.map((resource) => ({ application: name, resource, message: resource.message }));
  }
  const unhealthy = unhealthyOf(state).filter(({ resource }) => resource !== undefined);
  return unhealthy.length > 0 ? unhealthy : [causeOf(name, message)];
}

/** Not at rest for good: a sync may follow, or a comparison that works. */
function degradedOf(state: ApplicationState): Cause[] {
  const { name, health, conditions } = state;
  if (conditions.length > 0) return conditions.map((message) => causeOf(name, message));
  return name !== ROOT && health === "Degraded" ? unhealthyOf(state) : [];
}

/** Synced, and yet not what git says: the API server or a controller writes the field otherwise. */
function driftOf(
  { name, sync, operation, resources }: ApplicationState,
  revision: string,
): Cause[] {
  if (name === ROOT || sync !== "OutOfSync" || operation?.phase !== "Succeeded") return [];
  if (!operation.revisions.includes(revision)) return [];
  return resources
    .filter((resource) => resource.sync === "OutOfSync")
    .map((resource) => ({
      application: name,
      resource,
      message: "It differs from git again after each sync: the cluster changes what git sets",
    }));
}

function unhealthyOf(state: ApplicationState): Cause[] {
  const causes = state.resources
    .filter(({ health }) => health !== undefined && health !== "Healthy" && health !== "Missing")
    .map((resource) => ({
      application: state.name,
      resource,
      message: resource.message || `It is ${resource.health}`,
    }));
  if (causes.length > 0) return causes;
  return [
    causeOf(state.name, state.operation?.message || `It is ${state.sync} and ${state.health}`),
  ];
}

/** An autoscaler without metrics is Healthy for its first seconds: ask for ScalingActive. */
function inactiveOf(
  { metadata, ...object }: LiveObject,
  applications: readonly ApplicationState[],
): Cause[] {
  const conditions: { type: string; status: string; reason?: string; message?: string }[] =
    object.status?.conditions ?? [];
  const active = conditions.find(({ type }) => type === "ScalingActive");
  // A target that is scaled to zero is not waiting for metrics.
  if (active?.status === "True" || active?.reason === "ScalingDisabled") return [];
  const { name, namespace } = metadata;
  const kind = "HorizontalPodAutoscaler";
  const owner = applications.find(({ resources }) =>
    resources.some((one) => one.kind === kind && one.name === name && one.namespace === namespace),
  );
  return [
    {
      application: owner?.name ?? "no Application",
      resource: {
        kind,
        namespace,
        name,
        sync: undefined,
        health: undefined,
        message: "",
        result: undefined,
      },
      message: active?.message ?? "It has not looked at its metrics yet",
    },
  ];
}

function causeOf(application: string, message: string): Cause {
  return { application, resource: undefined, message };
}
