import { expect, test } from "vitest";
import {
  renderEvent,
  renderTable,
  renderUpgrade,
  renderVerdict,
} from "../../scripts/rehearsal/report.ts";
import { application, operation, resource } from "./states.ts";

test("renderEvent() is one line: when, who, what", () => {
  const events = [
    { at: 0, subject: "git", what: "commit 1f0c2ad: the repository" },
    { at: 104_449, subject: "llm-runner-router", what: "sync ends Failed: no\nmore of it" },
  ];
  expect(events.map(renderEvent).join("\n")).toMatchInlineSnapshot(`
    "   0.0 s  git                  commit 1f0c2ad: the repository
     104.4 s  llm-runner-router    sync ends Failed: no"
  `);
});

test("renderTable() has the Applications in the order they sync, and what those that sync are doing", () => {
  const waiting = operation({ phase: "Running", message: "waiting for apps/Deployment/router\n…" });
  expect(
    renderTable([
      application({ name: "root", wave: -10, sync: "OutOfSync" }),
      application({ name: "router", health: "Progressing", operation: waiting }),
      application({ name: "cache", sync: "Unknown", health: "Unknown", operation: undefined }),
    ]),
  ).toMatchInlineSnapshot(`
    "  -10  root    OutOfSync  Healthy
        0  cache   Unknown    Unknown
        0  router  Synced     Progressing  waiting for apps/Deployment/router"
  `);
});

test("renderTable() is empty without Applications", () => {
  expect(renderTable([])).toBe("");
});

test("renderVerdict() says what of a healthy cluster was simulated", () => {
  expect(
    renderVerdict(
      { kind: "healthy", simulated: ["Node", "Pod"], standIns: ["keda: without its webhook"] },
      61_250,
      false,
    ),
  ).toMatchInlineSnapshot(`
    "healthy, with simulated parts in 61.3 s
      simulated: Node, Pod
      replaced:  keda: without its webhook"
  `);
});

test("renderVerdict() says of each cause what it is about, the cluster's words and the place", () => {
  const refusal = 'Deployment.apps "router" is invalid: spec.selector: field is immutable';
  const causes = [
    {
      application: "router",
      resource: resource(),
      message: refusal,
      place: { file: "base/router/deployment.yaml", line: 6, column: 3 },
      events: [`Deployment: ${refusal}`, "Pod: 0/6 nodes are available: 6 Insufficient cpu."],
    },
    {
      application: "argocd",
      resource: resource({ kind: "Namespace", namespace: undefined, name: "llm" }),
      message: "It is Progressing",
      place: { file: "clusters/dev/namespace-llm.yaml" },
      events: [],
    },
    {
      application: "cache",
      resource: undefined,
      message: "It does not exist yet",
      place: undefined,
      events: [],
    },
  ];
  expect(renderVerdict({ kind: "failed", causes }, 9_000, false)).toMatchInlineSnapshot(`
    "failed in 9.0 s

      router: Deployment llm/router
        Deployment.apps "router" is invalid: spec.selector: field is immutable
        Pod: 0/6 nodes are available: 6 Insufficient cpu.
        at base/router/deployment.yaml:6:3

      argocd: Namespace llm
        It is Progressing
        at clusters/dev/namespace-llm.yaml

      cache
        It does not exist yet"
  `);
});

test("renderVerdict() paints its first words on a terminal", () => {
  expect(renderVerdict({ kind: "failed", causes: [] }, 0, true)).toBe(
    "\u001b[31mfailed\u001b[39m in 0.0 s",
  );
  expect(renderVerdict({ kind: "healthy", simulated: [], standIns: [] }, 0, true)).toContain(
    "\u001b[32mhealthy, with simulated parts\u001b[39m in 0.0 s",
  );
});

test("renderUpgrade() says what an upgrade did, and where it did nothing", () => {
  const added = ["ConfigMap/llm/a", "ConfigMap/llm/b"];
  expect(
    renderUpgrade({ added, pruned: [], recreated: ["Job/llm/migrate"] }),
  ).toMatchInlineSnapshot(`
    "  added     ConfigMap/llm/a, ConfigMap/llm/b
      pruned    nothing
      recreated Job/llm/migrate"
  `);
});
