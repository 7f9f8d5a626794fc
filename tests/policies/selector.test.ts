import { expect, test } from "vitest";
import { indexBySelector, type Selector, selects } from "../../policies/selector.ts";

const labels = { app: "router", tier: "api" };

test.each<[string, Selector | undefined, boolean]>([
  ["no selector", undefined, false],
  ["an empty selector", {}, true],
  ["a label", { matchLabels: { app: "router" } }, true],
  ["another value", { matchLabels: { app: "worker" } }, false],
  ["one label of two", { matchLabels: { app: "router", tier: "web" } }, false],
  ["In", { matchExpressions: [{ key: "tier", operator: "In", values: ["api", "web"] }] }, true],
  [
    "In without the label",
    { matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] },
    false,
  ],
  ["NotIn", { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["api"] }] }, false],
  [
    "NotIn without the label",
    { matchExpressions: [{ key: "zone", operator: "NotIn", values: ["a"] }] },
    true,
  ],
  [
    "In with other values",
    { matchExpressions: [{ key: "tier", operator: "In", values: ["web"] }] },
    false,
  ],
  [
    "NotIn with other values",
    { matchExpressions: [{ key: "tier", operator: "NotIn", values: ["web"] }] },
    true,
  ],
  [
    "an operator there is not",
    { matchExpressions: [{ key: "zone", operator: "Near", values: ["a"] }] },
    false,
  ],
  ["Exists", { matchExpressions: [{ key: "app", operator: "Exists" }] }, true],
  ["DoesNotExist", { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] }, false],
])("selects() with %s", (_, selector, expected) => {
  expect(selects(selector, labels)).toBe(expected);
});

test("indexBySelector() finds what selects an object, whatever it asks for", () => {
  const selectors: Selector[] = [
    { matchLabels: { app: "router" } },
    { matchLabels: { app: "worker" } },
    { matchLabels: { tier: "api", app: "router" } },
    { matchExpressions: [{ key: "app", operator: "Exists" }] },
    {},
  ];
  const found = indexBySelector(selectors, (selector) => selector)(labels);
  expect(found.map((selector) => selectors.indexOf(selector)).sort()).toEqual([0, 2, 3, 4]);
});
