import { expect, it } from "vitest";
import { nearest } from "../../scripts/checks/schema/nearest.ts";

it.each([
  ["selfheal", "selfHeal"],
  ["min-replicas", "minReplicas"],
  ["matchLabel", "matchLabels"],
  ["metdata", "metadata"],
  ["replica", "replicas"],
  ["szie", "size"],
  ["foo", undefined],
  ["backends", undefined],
])("nearest() takes %s for %s", (name, meant) => {
  const known = [
    "maxReplicas",
    "minReplicas",
    "replicas",
    "selfHeal",
    "matchLabels",
    "metadata",
    "size",
  ];
  expect(nearest(name, known)).toBe(meant);
});
