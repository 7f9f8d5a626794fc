import { expect, test } from "vitest";
import type { ApplicationState } from "../../scripts/rehearsal/application-state.ts";
import { compareStates, retryOf } from "../../scripts/rehearsal/timeline.ts";
import { application, commit, older, operation } from "./states.ts";

/** What a change between two looks is told as. */
function told(before: ApplicationState | undefined, after: ApplicationState): readonly string[] {
  return compareStates(before, after, 0).map(({ what }) => what);
}

test("compareStates() says when it happened and to which Application", () => {
  expect(
    compareStates(application({ health: "Progressing" }), application({ name: "router" }), 1_500),
  ).toEqual([{ at: 1_500, subject: "router", what: "is Healthy" }]);
});

test("compareStates() says nothing where nothing changed", () => {
  expect(told(application(), application())).toEqual([]);
});

test("compareStates() tells of a new Application before Argo CD has looked at it", () => {
  const fresh = application({
    wave: -3,
    sync: "Unknown",
    health: "Unknown",
    revisions: [],
    operation: undefined,
  });
  expect(told(undefined, fresh)).toEqual(["appears in wave -3"]);
});

test("compareStates() shortens commits and leaves tags as they are", () => {
  const before = application({ revisions: ["v3.5.7", older] });
  expect(told(before, application({ revisions: ["v3.5.7", commit] }))).toEqual([
    "sees v3.5.7 and 1f0c2ad",
  ]);
});

test("compareStates() tells of a sync that starts and of the one that succeeds", () => {
  const running = application({ operation: operation({ phase: "Running", message: "" }) });
  expect(told(application({ operation: undefined }), running)).toEqual(["sync starts"]);
  expect(told(running, application())).toEqual(["sync succeeds"]);
});

test("compareStates() tells of a sync that began and ended between two looks", () => {
  const again = operation({ startedAt: "2026-08-01T03:52:00Z", phase: "Failed", message: "no" });
  expect(told(undefined, application())).toEqual([
    "appears in wave 0",
    "sees 1f0c2ad",
    "sync starts",
    "sync succeeds",
    "is Healthy",
  ]);
  expect(told(application(), application({ operation: again }))).toEqual([
    "sync starts",
    "sync ends Failed: no",
  ]);
});

const refused =
  'one or more synchronization tasks completed unsuccessfully, reason: Deployment.apps "router" is invalid';

test("compareStates() tells of each failing attempt once", () => {
  const running = application({
    operation: operation({ phase: "Running", message: "waiting for healthy state" }),
  });
  const failed = (attempt: number) =>
    application({
      operation: operation({
        phase: "Running",
        message: `${refused}. Retrying attempt #${attempt} at 3:50AM.`,
      }),
    });
  expect(told(running, failed(1))).toEqual([
    `sync attempt fails: ${refused}. Retrying attempt #1 at 3:50AM.`,
  ]);
  expect(told(failed(1), failed(1))).toEqual([]);
  expect(told(failed(1), failed(2))).toEqual([
    `sync attempt fails: ${refused}. Retrying attempt #2 at 3:50AM.`,
  ]);
  expect(told(failed(2), running)).toEqual([]);
});

test.each([
  [`${refused}. Retrying attempt #2 at 3:50AM.`, 2],
  ["one or more objects failed to apply, reason: denied. Retrying attempt #12 at 11:05PM.", 12],
  [`${refused}.`, undefined],
  // The retry itself, while it runs: it has not failed.
  ["Retrying operation with latest revisions. Attempt #1", undefined],
  ["waiting for healthy state of apps/Deployment/router", undefined],
  ["", undefined],
])("retryOf(%j) is %s", (message, count) => {
  expect(retryOf(message)).toBe(count);
});

test("retryOf() is undefined for an operation without a message", () => {
  expect(retryOf()).toBeUndefined();
});
