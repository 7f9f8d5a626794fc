import type { ApplicationState, ResourceState } from "../../scripts/rehearsal/application-state.ts";

type Operation = NonNullable<ApplicationState["operation"]>;

/** The commit that is rehearsed, and the one before it. */
export const commit = "1f0c2ad9b5a3e4c6d7f8091a2b3c4d5e6f708192";
export const older = "0a9b8c7d6e5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b";

/** An Application that has synced the commit and is at rest; a test says what is different. */
export function application(changes: Partial<ApplicationState> = {}): ApplicationState {
  return {
    name: "router",
    wave: 0,
    sync: "Synced",
    health: "Healthy",
    revisions: [commit],
    operation: operation(),
    conditions: [],
    resources: [],
    ...changes,
  };
}

/** A sync of the commit that succeeded. */
export function operation(changes: Partial<Operation> = {}): Operation {
  return {
    phase: "Succeeded",
    message: "successfully synced (all tasks run)",
    revisions: [commit],
    startedAt: "2026-08-01T03:49:00Z",
    finishedAt: "2026-08-01T03:49:02Z",
    ...changes,
  };
}

/** A healthy Deployment `llm/router`, as it was synced. */
export function resource(changes: Partial<ResourceState> = {}): ResourceState {
  return {
    kind: "Deployment",
    namespace: "llm",
    name: "router",
    sync: "Synced",
    health: "Healthy",
    message: "",
    result: "Synced",
    ...changes,
  };
}
