import { expect, test } from "vitest";
import type { Manifest, Resource } from "../../scripts/fleet/resource.ts";
import { explainCauses, fieldOf } from "../../scripts/rehearsal/explain.ts";
import type { Cause } from "../../scripts/rehearsal/verdict.ts";
import { parseYaml } from "../../scripts/yaml/document.ts";
import { clusterOf } from "./cluster.ts";
import { resource } from "./states.ts";

test.each([
  [
    'Deployment.apps "router" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"api"}}: field is immutable',
    ["spec", "selector"],
  ],
  [
    'Deployment.apps "router" is invalid: spec.template.spec.containers[0].resources.requests: Invalid value: "100": must be less than or equal to cpu limit of 500m',
    ["spec", "template", "spec", "containers", 0, "resources", "requests"],
  ],
  [
    'Service "router" is invalid: [spec.ports[1].port: Required value, spec.type: Unsupported value: "Public"]',
    ["spec", "ports", 1, "port"],
  ],
  [
    'PersistentVolumeClaim "models" is invalid: spec: Forbidden: spec is immutable after creation except resources.requests',
    ["spec"],
  ],
  [
    'ConfigMap "router" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes',
    ["metadata", "annotations"],
  ],
  [
    "HTTPRoute.gateway.networking.k8s.io \"router\" is invalid: spec.rules[0].matches[2].path: Invalid value: must be an absolute path and start with '/'",
    ["spec", "rules", 0, "matches", 2, "path"],
  ],
  ['namespaces "llm" not found', []],
  ['Deployment "router" exceeded its progress deadline', []],
  ["", []],
])("fieldOf(%j) is %j", (message, path) => {
  expect(fieldOf(message)).toEqual(path);
});

test.each([
  [
    'Deployment.apps "router" is invalid: spec.template.spec.containers[0].volumeMounts[0].name: Not found: "models"',
    ["spec", "template", "spec", "containers", 0, "volumeMounts", 0, "name"],
  ],
  [
    'Service "router" is invalid: spec.ports[1].name: Duplicate value: "http"',
    ["spec", "ports", 1, "name"],
  ],
  [
    'Deployment.apps "router" is invalid: spec.template.spec.containers[0].resources.limits[nvidia.com/gpu]: Required value: Limit must be set for non overcommitable resources',
    ["spec", "template", "spec", "containers", 0, "resources", "limits", "nvidia.com/gpu"],
  ],
  [
    'ConfigMap "router" is invalid: data[log level]: Invalid value: "log level": a valid config key must consist of alphanumeric characters',
    ["data", "log level"],
  ],
  [
    'RoleBinding.rbac.authorization.k8s.io "reader" is invalid: subjects[0].namespace: Required value',
    ["subjects", 0, "namespace"],
  ],
])("fieldOf(%j) is %j", (message, path) => {
  expect(fieldOf(message)).toEqual(path);
});

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: router
spec:
  selector:
    matchLabels:
      app: api
`;

const rendered: readonly Resource[] = parseYaml(deployment, "base/router/deployment.yaml").map(
  ({ value, placeOf }) => ({
    target: { environment: "dev", app: "router", directory: "overlays/dev/router" },
    manifest: value as Manifest,
    placeOf,
  }),
);

const refusal = 'Deployment.apps "router" is invalid: spec.selector: Invalid value: {}: immutable';
const refused: Cause = { application: "router", resource: resource(), message: refusal };
const since = new Date("2026-08-01T03:49:00Z");

test("explainCauses() leads to the value that was refused", async () => {
  expect(await explainCauses([refused], rendered, clusterOf(), since)).toEqual([
    {
      ...refused,
      place: { file: "base/router/deployment.yaml", line: 7, column: 5 },
      events: [],
    },
  ]);
});

test("explainCauses() leads to the object where the message names no field", async () => {
  const cause = { ...refused, message: "It is Degraded" };
  expect(await explainCauses([cause], rendered, clusterOf(), since)).toMatchObject([
    { place: { file: "base/router/deployment.yaml", line: 1 } },
  ]);
});

test.each([
  ["is about no object", undefined],
  ["is about an object that is not in git", resource({ kind: "Job" })],
])("explainCauses() has no place where the cause %s", async (_, about) => {
  const cause = { ...refused, resource: about };
  expect(await explainCauses([cause], rendered, clusterOf(), since)).toEqual([
    { ...cause, place: undefined, events: [] },
  ]);
});

let count = 0;

/** A warning about a Pod of the router; a test says what is different. */
function event(message: string, changes: object = {}) {
  count += 1;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `event-${count}`, namespace: "llm" },
    type: "Warning",
    involvedObject: { kind: "Pod", name: "router-7d9c5-x2x4z" },
    lastTimestamp: "2026-08-01T03:49:30Z",
    message,
    ...changes,
  };
}

/** What a cluster with these events adds to the refusal. */
async function eventsOf(...events: readonly ReturnType<typeof event>[]) {
  const [explained] = await explainCauses([refused], rendered, clusterOf(...events), since);
  return explained?.events;
}

test("explainCauses() adds warnings about the object and about what it made", async () => {
  expect(
    await eventsOf(
      event("0/6 nodes are available: 6 Insufficient cpu."),
      event("exceeded quota: llm", { involvedObject: { kind: "Deployment", name: "router" } }),
      event("about another", { involvedObject: { kind: "Pod", name: "cache-0" } }),
      event("in another namespace", { metadata: { name: "a", namespace: "other" } }),
      event("Successfully assigned llm/router to simulated-a-0", { type: "Normal" }),
    ),
  ).toEqual([
    "Pod: 0/6 nodes are available: 6 Insufficient cpu.",
    "Deployment: exceeded quota: llm",
  ]);
});

test("explainCauses() leaves out what happened before the commit", async () => {
  expect(
    await eventsOf(
      event("before", { lastTimestamp: "2026-08-01T03:48:59Z" }),
      event("after", { lastTimestamp: null, eventTime: "2026-08-01T03:49:00.250000Z" }),
    ),
  ).toEqual(["Pod: after"]);
});

test("explainCauses() says once what a ReplicaSet says of each pod it may not make", async () => {
  const set = { involvedObject: { kind: "ReplicaSet", name: "router-7d9c5" } };
  const forbidden = (pod: string) =>
    `Error creating: pods "router-7d9c5-${pod}" is forbidden: violates PodSecurity "restricted:latest"`;
  expect(
    await eventsOf(
      event(forbidden("x2x4z"), set),
      event(forbidden("b8kqm"), set),
      event(`(combined from similar events): ${forbidden("pp6tw")}`, set),
    ),
  ).toEqual([`ReplicaSet: ${forbidden("b8kqm")}`]);
});

test("explainCauses() keeps the last three warnings", async () => {
  expect(await eventsOf(...["1", "2", "3", "4"].map((message) => event(message)))).toEqual([
    "Pod: 2",
    "Pod: 3",
    "Pod: 4",
  ]);
});
