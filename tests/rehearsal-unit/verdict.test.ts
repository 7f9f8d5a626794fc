import { expect, test } from "vitest";
import type { ApplicationState } from "../../scripts/rehearsal/application-state.ts";
import type { LiveObject } from "../../scripts/rehearsal/cluster.ts";
import { type Judgement, judge } from "../../scripts/rehearsal/verdict.ts";
import { application, commit, older, operation, resource } from "./states.ts";

/** One look at some Applications, where `root` and `router` have to sync the commit. */
function look(
  applications: readonly ApplicationState[],
  autoscalers: readonly LiveObject[] = [],
): Judgement {
  return judge(
    { applications, autoscalers },
    { applications: ["root", "router"], revision: commit },
  );
}

const root = application({ name: "root", wave: -10 });

const refusal = 'Deployment.apps "router" is invalid: spec.selector: field is immutable';
const refused = resource({ sync: "OutOfSync", message: refusal, result: "SyncFailed" });

/** A sync that was refused and will be tried again, for the given time. */
function retrying(
  attempt: number,
  revisions: readonly string[] = [commit],
  reason = refusal,
): ApplicationState {
  const message = `one or more synchronization tasks completed unsuccessfully, reason: ${reason}. Retrying attempt #${attempt} at 3:50AM.`;
  return application({
    sync: "OutOfSync",
    operation: operation({ phase: "Running", message, revisions }),
    resources: [refused],
  });
}

test("judge() is healthy where every expected Application has synced the commit", () => {
  expect(look([root, application()])).toEqual({ kind: "healthy" });
});

test("judge() finds the commit among the revisions of several sources", () => {
  const revisions = ["v3.5.7", commit];
  const argocd = application({ revisions, operation: operation({ revisions }) });
  expect(look([root, argocd])).toEqual({ kind: "healthy" });
});

test("judge() waits for an Application that does not exist yet", () => {
  expect(look([root])).toEqual({
    kind: "waiting",
    causes: [{ application: "router", resource: undefined, message: "It does not exist yet" }],
  });
});

test.each([
  ["sees the commit before", { revisions: [older] }, "successfully synced (all tasks run)"],
  [
    "has not begun to sync",
    { operation: undefined, sync: "OutOfSync", health: "Missing" },
    "It is OutOfSync and Missing",
  ],
  [
    "has nothing to sync and is not healthy",
    { operation: undefined, health: "Progressing" },
    "It is Synced and Progressing",
  ],
  [
    "is syncing",
    { operation: operation({ phase: "Running", message: "waiting for healthy state" }) },
    "waiting for healthy state",
  ],
] as const)("judge() waits for an Application that %s", (_, changes, message) => {
  expect(look([root, application(changes)])).toEqual({
    kind: "waiting",
    causes: [{ application: "router", resource: undefined, message }],
  });
});

test("judge() asks for no sync where bootstrap has applied everything as git says", () => {
  expect(look([root, application({ operation: undefined })])).toEqual({ kind: "healthy" });
});

test("judge() waits for the objects that are on their way, in their own words", () => {
  const rollingOut = resource({
    health: "Progressing",
    message: "Waiting for rollout to finish: 0 of 2 updated replicas are available",
  });
  const silent = resource({ kind: "HTTPRoute", health: "Progressing" });
  const missing = resource({ kind: "Service", health: "Missing" });
  const router = application({
    health: "Progressing",
    resources: [rollingOut, silent, missing, resource({ kind: "ConfigMap", health: undefined })],
  });
  expect(look([root, router])).toEqual({
    kind: "waiting",
    causes: [
      { application: "router", resource: rollingOut, message: rollingOut.message },
      { application: "router", resource: silent, message: "It is Progressing" },
    ],
  });
});

test.each(["Failed", "Error"])("judge() fails with a sync that ended %s", (phase) => {
  const message = "Failed to load application project: not found";
  const router = application({ operation: operation({ phase, message }) });
  expect(look([root, router])).toEqual({
    kind: "failed",
    causes: [{ application: "router", resource: undefined, message }],
  });
});

test("judge() names the object that was refused instead of the sync's own words", () => {
  const router = application({
    sync: "OutOfSync",
    operation: operation({ phase: "Failed" }),
    resources: [resource({ kind: "Service" }), refused],
  });
  expect(look([root, router])).toEqual({
    kind: "failed",
    causes: [{ application: "router", resource: refused, message: refusal }],
  });
});

test("judge() names the object that a sync waited for until its timeout", () => {
  const stuck = resource({ health: "Progressing", message: "0 of 1 replicas are available" });
  const message = "operation is terminating, triggered by controller sync timeout";
  const router = application({
    health: "Progressing",
    operation: operation({ phase: "Failed", message }),
    resources: [resource({ kind: "Service" }), stuck],
  });
  expect(look([root, router])).toEqual({
    kind: "failed",
    causes: [{ application: "router", resource: stuck, message: stuck.message }],
  });
});

test("judge() gives a refused sync a second attempt", () => {
  expect(look([root, retrying(1)]).kind).toBe("waiting");
  expect(look([root, retrying(2)])).toEqual({
    kind: "failed",
    causes: [{ application: "router", resource: refused, message: refusal }],
  });
});

test("judge() gives a sync that its project refuses two more: the same commit may change the project", () => {
  const reason = "resource keda.sh:ScaledObject is not permitted in project systems";
  expect(look([root, retrying(3, [commit], reason)]).kind).toBe("waiting");
  expect(look([root, retrying(4, [commit], reason)]).kind).toBe("failed");
});

test("judge() does not blame a commit for the failure of the one before", () => {
  expect(look([root, retrying(7, [older])]).kind).toBe("waiting");
  const ended = operation({ phase: "Failed", revisions: [older] });
  expect(look([root, application({ revisions: [older], operation: ended })]).kind).toBe("waiting");
});

test("judge() waits while a retry resolves its revisions anew", () => {
  expect(look([root, retrying(7, [])]).kind).toBe("waiting");
});

test("judge() puts the cause of the earliest wave first", () => {
  const failed = { operation: operation({ phase: "Failed", message: "no" }) };
  const later = application({ name: "a", wave: 5, ...failed });
  const sooner = application({ name: "b", wave: -1, ...failed });
  expect(look([later, sooner])).toMatchObject({
    kind: "failed",
    causes: [{ application: "b" }, { application: "a" }],
  });
});

test("judge() takes a failure over what is degraded or missing", () => {
  const failed = application({ operation: operation({ phase: "Failed" }) });
  const degraded = application({ name: "cache", health: "Degraded" });
  expect(look([degraded, failed])).toMatchObject({
    kind: "failed",
    causes: [{ application: "router" }],
  });
});

test("judge() calls an unhealthy object of an Application at rest degraded", () => {
  const words = 'Deployment "router" exceeded its progress deadline';
  const broken = resource({ health: "Degraded", message: words });
  expect(look([root, application({ health: "Degraded", resources: [broken] })])).toEqual({
    kind: "degraded",
    causes: [{ application: "router", resource: broken, message: words }],
  });
});

test("judge() calls an Application that cannot be compared degraded", () => {
  const message = "accumulating resources: no such file or directory";
  expect(look([root, application({ sync: "Unknown", conditions: [message] })])).toEqual({
    kind: "degraded",
    causes: [{ application: "router", resource: undefined, message }],
  });
});

test("judge() calls a difference from git after a successful sync degraded", () => {
  const drifted = resource({ sync: "OutOfSync" });
  const router = application({
    sync: "OutOfSync",
    resources: [resource({ kind: "Service" }), drifted],
  });
  expect(look([root, router])).toEqual({
    kind: "degraded",
    causes: [
      {
        application: "router",
        resource: drifted,
        message: "It differs from git again after each sync: the cluster changes what git sets",
      },
    ],
  });
});

test("judge() waits where the difference is a commit that has not been synced", () => {
  const router = application({
    sync: "OutOfSync",
    operation: operation({ revisions: [older] }),
    resources: [resource({ sync: "OutOfSync" })],
  });
  expect(look([root, router]).kind).toBe("waiting");
});

test.each([
  ["failed to sync", { operation: operation({ phase: "Failed" }) }],
  ["is degraded", { health: "Degraded" }],
  ["differs from git", { sync: "OutOfSync" }],
])("judge() waits where root %s: the trouble is another's", (_, changes) => {
  const child = { kind: "Application", name: "router", namespace: "argocd" };
  const resources = [resource({ ...child, sync: "OutOfSync", health: "Degraded" })];
  const troubled = application({ name: "root", resources, ...changes });
  expect(look([troubled, application()])).toMatchObject({
    kind: "waiting",
    causes: [{ application: "root" }],
  });
});

test("judge() tells of a root that cannot be compared: no other Application has that trouble", () => {
  const message = "accumulating resources: no such file or directory";
  expect(look([application({ name: "root", conditions: [message] }), application()])).toMatchObject(
    { kind: "degraded", causes: [{ application: "root", message }] },
  );
});

/** An autoscaler as the API server returns it. */
function autoscaler(...conditions: readonly object[]): LiveObject {
  return { metadata: { name: "router", namespace: "llm", uid: "9d1f" }, status: { conditions } };
}

test.each([
  ["without a word yet", autoscaler(), "It has not looked at its metrics yet"],
  [
    "that may scale, but has no metrics yet",
    autoscaler({ type: "AbleToScale", status: "True" }),
    "It has not looked at its metrics yet",
  ],
  [
    "that reads no metrics",
    autoscaler({
      type: "ScalingActive",
      status: "False",
      message: "failed to get cpu utilization: missing request for cpu in container server",
    }),
    "failed to get cpu utilization: missing request for cpu in container server",
  ],
])("judge() waits for an autoscaler %s", (_, hpa, message) => {
  expect(look([root, application()], [hpa])).toMatchObject({
    kind: "waiting",
    causes: [
      {
        resource: { kind: "HorizontalPodAutoscaler", namespace: "llm", name: "router" },
        message,
      },
    ],
  });
});

test("judge() is healthy where every autoscaler reads its metrics", () => {
  const active = autoscaler({ type: "ScalingActive", status: "True" });
  expect(look([root, application()], [active])).toEqual({ kind: "healthy" });
});
