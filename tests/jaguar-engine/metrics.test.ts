import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { expect, it } from "vitest";
import { createMetrics } from "../../base/jaguar-engine/images/jaguar-engine/src/metrics.ts";

type Metric = { readonly name: string; readonly type: string; readonly labels: readonly string[] };

it("metrics.yaml declares what the wrapper exports: every name, with its type and labels", () => {
  const { registry } = createMetrics({
    state: () => undefined,
    age: () => undefined,
    clients: () => 0,
  });
  // Which labels there are is nowhere in prom-client's types
  const objects = registry.getMetricsAsArray() as unknown as readonly {
    readonly name: string;
    readonly type: string;
    readonly labelNames: readonly string[];
  }[];
  const exported = objects.map(({ name, type, labelNames }) => ({
    name,
    type,
    labels: [...labelNames],
  }));
  const text = readFileSync("base/jaguar-engine/metrics.yaml", "utf8");
  const { metrics } = load(text) as { readonly metrics: readonly Metric[] };
  expect(metrics).toEqual(exported.sort((a, b) => a.name.localeCompare(b.name)));
});
