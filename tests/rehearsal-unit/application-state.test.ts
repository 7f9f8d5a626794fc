import { expect, test } from "vitest";
import { readApplication } from "../../scripts/rehearsal/application-state.ts";
import { commit } from "./states.ts";

/** The parts of an Application that are the same in every test. */
const metadata = { name: "router", namespace: "argocd", uid: "9d1f" };

const refusal =
  'Deployment.apps "router" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"api"}}: field is immutable';

test("readApplication() reads a sync that the API server refused a part of", () => {
  const state = readApplication({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { ...metadata, annotations: { "argocd.argoproj.io/sync-wave": "-3" } },
    spec: { project: "systems" },
    status: {
      sync: { status: "OutOfSync", revisions: ["v3.5.7", commit] },
      health: { status: "Progressing" },
      resources: [
        {
          group: "apps",
          version: "v1",
          kind: "Deployment",
          namespace: "llm",
          name: "router",
          status: "OutOfSync",
          health: { status: "Healthy" },
        },
        { version: "v1", kind: "ConfigMap", namespace: "llm", name: "config", status: "Synced" },
      ],
      operationState: {
        phase: "Running",
        message: "one or more synchronization tasks completed unsuccessfully",
        startedAt: "2026-08-01T03:49:00Z",
        finishedAt: "2026-08-01T03:49:02Z",
        operation: { sync: { revisions: ["v3.5.7", commit] } },
        syncResult: {
          revision: "",
          revisions: ["v3.5.7", commit],
          resources: [
            {
              group: "apps",
              version: "v1",
              kind: "Deployment",
              namespace: "llm",
              name: "router",
              status: "SyncFailed",
              message: refusal,
            },
          ],
        },
      },
    },
  });
  expect(state).toEqual({
    name: "router",
    wave: -3,
    sync: "OutOfSync",
    health: "Progressing",
    revisions: ["v3.5.7", commit],
    operation: {
      phase: "Running",
      message: "one or more synchronization tasks completed unsuccessfully",
      revisions: ["v3.5.7", commit],
      startedAt: "2026-08-01T03:49:00Z",
      finishedAt: "2026-08-01T03:49:02Z",
    },
    conditions: [],
    resources: [
      {
        kind: "Deployment",
        namespace: "llm",
        name: "router",
        sync: "OutOfSync",
        health: "Healthy",
        message: refusal,
        result: "SyncFailed",
      },
      {
        kind: "ConfigMap",
        namespace: "llm",
        name: "config",
        sync: "Synced",
        health: undefined,
        message: "",
        result: undefined,
      },
    ],
  });
});

test("readApplication() knows nothing of an Application that Argo CD has not looked at", () => {
  expect(readApplication({ metadata })).toEqual({
    name: "router",
    wave: 0,
    sync: "Unknown",
    health: "Unknown",
    revisions: [],
    operation: undefined,
    conditions: [],
    resources: [],
  });
});

test("readApplication() reads the one revision of an Application with a single source", () => {
  const status = { sync: { status: "Synced", revision: commit } };
  expect(readApplication({ metadata, status }).revisions).toEqual([commit]);
});

test("readApplication() keeps the errors among the conditions and leaves warnings out", () => {
  const status = {
    conditions: [
      { type: "ComparisonError", message: "accumulating resources: no such file or directory" },
      { type: "OrphanedResourceWarning", message: "Application has 1 orphaned resources" },
      { type: "SharedResourceWarning", message: "ConfigMap/config is part of two applications" },
      { type: "InvalidSpecError", message: "application destination is not permitted in project" },
    ],
  };
  expect(readApplication({ metadata, status }).conditions).toEqual([
    "accumulating resources: no such file or directory",
    "application destination is not permitted in project",
  ]);
});

test("readApplication() reads an object that the sync pruned, which is no longer in git", () => {
  const pruned = { kind: "ConfigMap", namespace: "llm", name: "old", status: "Pruned" };
  const status = {
    operationState: {
      phase: "Succeeded",
      startedAt: "2026-08-01T03:49:00Z",
      syncResult: { resources: [{ ...pruned, message: "pruned" }] },
    },
  };
  expect(readApplication({ metadata, status }).resources).toEqual([
    {
      kind: "ConfigMap",
      namespace: "llm",
      name: "old",
      sync: undefined,
      health: undefined,
      message: "",
      result: "Pruned",
    },
  ]);
});

test("readApplication() takes the words of an unhealthy object from its health", () => {
  const words = 'Deployment "router" exceeded its progress deadline';
  const reference = { kind: "Deployment", namespace: "llm", name: "router" };
  const status = {
    resources: [{ ...reference, status: "Synced", health: { status: "Degraded", message: words } }],
    operationState: {
      phase: "Succeeded",
      syncResult: {
        resources: [
          { ...reference, status: "Synced", message: "deployment.apps/router configured" },
        ],
      },
    },
  };
  expect(readApplication({ metadata, status }).resources).toMatchObject([
    { health: "Degraded", message: words, result: "Synced" },
  ]);
});

test("readApplication() takes the revisions of a sync that has just begun from what was asked for", () => {
  const operationState = { phase: "Running", operation: { sync: { revisions: [commit] } } };
  expect(readApplication({ metadata, status: { operationState } }).operation).toMatchObject({
    message: "",
    revisions: [commit],
  });
});

test("readApplication() has no revisions of a retry, which resolves them anew", () => {
  const operationState = {
    phase: "Running",
    message: "Retrying operation with latest revisions. Attempt #1",
    operation: { sync: {} },
  };
  expect(readApplication({ metadata, status: { operationState } }).operation?.revisions).toEqual(
    [],
  );
});

// Argo CD gives a healthy HorizontalPodAutoscaler the words of one of its conditions.
test("readApplication() puts a refusal before what the object said of its health", () => {
  const reference = { kind: "HorizontalPodAutoscaler", namespace: "llm", name: "router" };
  const health = { status: "Healthy", message: "recommended size matches current size" };
  const words = 'HorizontalPodAutoscaler.autoscaling "router" is invalid: spec.maxReplicas';
  const status = {
    resources: [{ ...reference, status: "OutOfSync", health }],
    operationState: {
      syncResult: { resources: [{ ...reference, status: "SyncFailed", message: words }] },
    },
  };
  expect(readApplication({ metadata, status }).resources[0]?.message).toBe(words);
});

// Argo CD's ResourceResult writes the empty namespace out; its ResourceStatus leaves it out.
test("readApplication() gives a cluster-scoped object no namespace", () => {
  const reference = { kind: "Namespace", name: "llm" };
  const status = {
    resources: [{ ...reference, status: "Synced" }],
    operationState: {
      syncResult: { resources: [{ ...reference, namespace: "", status: "Synced" }] },
    },
  };
  expect(readApplication({ metadata, status }).resources[0]?.namespace).toBeUndefined();
});
