import { expect, it } from "vitest";
import { constantFindings } from "../../scripts/checks/metrics/constants.ts";
import { readInventory } from "../../scripts/checks/metrics/inventory.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { resourcesIn } from "../policies/resources.ts";

const inventory = readInventory(
  memoryTree({
    "base/proxy/metrics.yaml":
      "exporter: proxy\nsource: x\nmetrics:\n  - {name: queue, type: gauge, constant: 0}\n  - {name: connections, type: gauge}\n",
  }),
);

const cpu = "{type: cpu}";
const query = (text: string) => `{type: prometheus, metadata: {query: "${text}"}}`;

function findings(...triggers: readonly string[]): string[] {
  const scalers = resourcesIn(`
  apiVersion: keda.sh/v1alpha1
  kind: ScaledObject
  metadata: {name: proxy}
  spec:
    triggers: [${triggers.join(", ")}]`);
  return scalers.flatMap((one) => constantFindings(one, inventory)).map(({ message }) => message);
}

it.each([
  ["changes", [query("sum(connections)")]],
  ["changes, beside a constant", [query("sum(queue)"), query("sum(connections)")]],
  ["changes, in one expression with a constant", [query("sum(queue) + sum(connections)")]],
  ["is not of Prometheus, beside a constant", [query("sum(queue)"), cpu]],
])("is silent about a trigger that %s", (_, triggers) => {
  expect(findings(...triggers)).toEqual([]);
});

it("tells of a scaler that only asks for what never changes", () => {
  expect(findings(query("sum(queue) > bool 100"), query("sum(queue)"))).toEqual([
    'ScaledObject "proxy" never scales: "queue" is always 0',
  ]);
});
