import { expect, it } from "vitest";
import { createMetrics } from "../../base/jaguar-engine/images/jaguar-engine/src/metrics.ts";
import { readInventory } from "../../scripts/checks/metrics/inventory.ts";
import { workingDirectory } from "../../scripts/tree/working-directory.ts";

it("metrics.yaml declares what the wrapper exports, with types and labels", async () => {
  const { registry } = createMetrics({
    state: () => undefined,
    age: () => undefined,
    clients: () => 0,
  });
  const suffixes = { histogram: ["_bucket", "_count", "_sum"] } as Record<string, string[]>;
  const exported = (await registry.getMetricsAsJSON()).flatMap(({ name, type }) =>
    (suffixes[String(type)] ?? [""]).map((suffix) => `${name}${suffix}`),
  );
  const { series, findings } = readInventory(workingDirectory("."));
  const declared = [...series.keys()].filter((name) => name.startsWith("jaguar_"));
  expect(findings).toEqual([]);
  expect(declared.sort()).toEqual(exported.sort());
  expect([...(series.get("jaguar_clients_dropped_total")?.labels ?? [])]).toEqual(["reason"]);
});
