import { expect, test } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { groupOf } from "../../scripts/fleet/scope.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { repository } from "../support/mutate.ts";
import { kindOf, kindsOfOurs, readFixtures, settingsOf } from "./engine.ts";

/** Kinds that nobody needs to wait for, and why: healthy as soon as they are applied. */
const withoutHealth: Readonly<Record<string, string>> = {
  "argoproj.io/AppProject": "read when an Application is; no controller answers",
  "autoscaling.k8s.io/VerticalPodAutoscaler": "it only recommends: its status is for people",
  "keda.sh/TriggerAuthentication": "its status only lists who uses it",
  "monitoring.coreos.com/AlertmanagerConfig": "its status is behind a feature gate that is off",
  "monitoring.coreos.com/PodMonitor": "its status is behind a feature gate that is off",
  "monitoring.coreos.com/Probe": "its status is behind a feature gate that is off",
  "monitoring.coreos.com/PrometheusRule": "its status is behind a feature gate that is off",
  "monitoring.coreos.com/ScrapeConfig": "its status is behind a feature gate that is off",
  "monitoring.coreos.com/ServiceMonitor": "its status is behind a feature gate that is off",
  "postgresql.cnpg.io/ScheduledBackup": "its status only says when a backup was and will be",
  "snapshot.storage.k8s.io/VolumeSnapshotClass":
    "read when a snapshot is taken; no controller answers",
};

/** Groups of Kubernetes itself: their kinds have a check in Argo CD's program, or nothing to wait for. */
const kubernetes =
  /^([a-z]*|(admissionregistration|apiextensions|apiregistration|networking|rbac\.authorization|scheduling|storage)\.k8s\.io)$/;

const byKind = Map.groupBy(readFixtures(), ({ object }) => kindOf(object));

test.each([...byKind])("%s is tried without a status, healthy and degraded", (_, tried) => {
  const states = tried.map(({ object }) => object.metadata.name);
  expect(states).toContainEqual(expect.stringMatching(/-no-status$/));
  expect(states).toContain("healthy");
  expect(states).toContainEqual(expect.stringMatching(/^degraded/));
});

const [dev, staging, prod] = await Promise.all([
  settingsOf("dev"),
  settingsOf("staging"),
  settingsOf("prod"),
]);

test("every environment has the same settings", () => {
  expect(staging).toEqual(dev);
  expect(prod).toEqual(dev);
});

test("every health check of ours is tried", () => {
  const kinds = kindsOfOurs(prod).filter((kind) => !kind.endsWith("/*"));
  expect(kinds.filter((kind) => !byKind.has(kind))).toEqual([]);
});

test("every custom kind that is rendered is tried, or needs no health, and no other is excused", async () => {
  const rendered = await renderTargets(repository, readFleet(repository).targets);
  const kinds = rendered
    .flatMap(({ resources }) => resources.map(({ manifest }) => manifest))
    .filter((manifest) => !kubernetes.test(groupOf(manifest)))
    .map(kindOf);
  const unknown = [...new Set(kinds)].filter((kind) => !byKind.has(kind) && !withoutHealth[kind]);
  expect(unknown).toEqual([]);
  expect(Object.keys(withoutHealth).filter((kind) => !kinds.includes(kind))).toEqual([]);
});
