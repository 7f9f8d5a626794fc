import { expect, test } from "vitest";
import { compareSnapshots, takeSnapshot } from "../../scripts/rehearsal/upgrade.ts";
import { clusterOf } from "./cluster.ts";

test("compareSnapshots() finds nothing where every object is the same", () => {
  const objects = new Map([["Service/llm/router", "1"]]);
  expect(compareSnapshots(objects, new Map(objects))).toEqual({
    added: [],
    pruned: [],
    recreated: [],
  });
});

test("compareSnapshots() tells a new object from one that is gone and one that was made anew", () => {
  const before = new Map([
    ["Service/llm/router", "1"],
    ["ConfigMap/llm/old", "2"],
    ["Deployment/llm/router", "3"],
  ]);
  const after = new Map([
    ["Service/llm/router", "1"],
    ["Deployment/llm/router", "4"],
    ["ConfigMap/llm/new", "5"],
  ]);
  expect(compareSnapshots(before, after)).toEqual({
    added: ["ConfigMap/llm/new"],
    pruned: ["ConfigMap/llm/old"],
    recreated: ["Deployment/llm/router"],
  });
});

test("compareSnapshots() sorts each of its lists", () => {
  const objects = new Map([
    ["b", "1"],
    ["a", "1"],
  ]);
  const anew = new Map([
    ["b", "2"],
    ["a", "2"],
  ]);
  expect(compareSnapshots(new Map(), objects).added).toEqual(["a", "b"]);
  expect(compareSnapshots(objects, new Map()).pruned).toEqual(["a", "b"]);
  expect(compareSnapshots(objects, anew).recreated).toEqual(["a", "b"]);
});

test("takeSnapshot() holds the uid of every object that an Application manages and that is there", async () => {
  const cluster = clusterOf(
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "router", namespace: "argocd" },
      status: {
        resources: [
          { version: "v1", kind: "Namespace", name: "llm" },
          { group: "apps", version: "v1", kind: "Deployment", name: "router", namespace: "llm" },
          { version: "v1", kind: "Service", name: "not-made-yet", namespace: "llm" },
        ],
      },
    },
    {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "new", namespace: "argocd" },
    },
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "llm", uid: "1" } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "router", namespace: "llm", uid: "2" },
    },
    { apiVersion: "v1", kind: "Pod", metadata: { name: "router", namespace: "llm", uid: "3" } },
  );
  expect(await takeSnapshot(cluster)).toEqual(
    new Map([
      ["Namespace/llm", "1"],
      ["Deployment/llm/router", "2"],
    ]),
  );
});
