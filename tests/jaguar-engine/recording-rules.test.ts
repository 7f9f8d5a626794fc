import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dump } from "js-yaml";
import { describe, expect, it } from "vitest";
import { run } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { ruleGroups, testRules } from "./rules.ts";

const pod = (name: string) => `namespace="jaguar",pod="jaguar-engine-${name}"`;
const container = (name: string) => `container="jaguar-engine",${pod(name)}`;

/** Two pods, a container beside one of them, and a pod without a limit. */
const series = {
  [`jaguar_entity_count{job="jaguar-engine",${pod("a")}}`]: "7000x60",
  [`jaguar_entity_count{job="jaguar-engine",${pod("b")}}`]: "8x60",
  [`jaguar_entity_count{job="another",${pod("c")}}`]: "90000x60",
  [`jaguar_simulation_load{job="jaguar-engine",${pod("a")}}`]: "7000x60",
  [`jaguar_simulation_load{job="jaguar-engine",${pod("b")}}`]: "8x60",
  [`jaguar_simulation_tick_rate{job="jaguar-engine",${pod("a")}}`]: "14x60",
  [`jaguar_simulation_tick_rate{job="jaguar-engine",${pod("b")}}`]: "20x60",
  // Half a core of two
  [`container_cpu_usage_seconds_total{${container("a")},cpu="total"}`]: "0+7.5x60",
  [`container_cpu_usage_seconds_total{container="proxy",${pod("a")}}`]: "0+60x60",
  [`kube_pod_container_resource_requests{${container("a")},resource="cpu"}`]: "2x60",
  [`kube_pod_container_resource_requests{container="proxy",${pod("a")},resource="cpu"}`]: "1x60",
  [`container_memory_working_set_bytes{${container("a")}}`]: "6e9x60",
  [`container_memory_working_set_bytes{${container("b")}}`]: "6e9x60",
  [`kube_pod_container_resource_limits{${container("a")},resource="memory"}`]: "8e9x60",
  [`kube_pod_container_resource_limits{${container("b")},resource="memory"}`]: "0x60",
};

describe("the recording rules", () => {
  it.each([
    ["jaguar:entity_count:avg", [['namespace="jaguar"', 3504]]],
    ["jaguar:entity_count:sum", [['namespace="jaguar"', 7008]]],
    ["jaguar:cpu_utilization:rate5m", [[pod("a"), 25]]],
    ["jaguar:memory_utilization:percent", [[pod("a"), 75]]],
    [
      "jaguar:simulation_load:value",
      [
        [pod("a"), 7000],
        [pod("b"), 8],
      ],
    ],
    ["jaguar:tick_rate:avg", [['namespace="jaguar"', 17]]],
  ] as const)("%s is right", async (record, expected) => {
    const samples = expected.map(([labels, value]) => ({ labels: `{${labels}}`, value }));
    // A rate is not exact
    const expr = `round(${record}, 0.001)`;
    expect(await testRules([{ series, at: "10m", expect: [{ expr, samples }] }])).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining("SUCCESS"),
    });
  });

  it("are the contract's six, beside the thresholds; migrations have no series", () => {
    const records = ruleGroups().flatMap(({ rules }) => rules.flatMap(({ record = [] }) => record));
    expect(records.filter((record) => !record.endsWith("_threshold"))).toHaveLength(6);
    expect(records.filter((record) => record.endsWith("_threshold"))).toHaveLength(4);
  });
});

describe("all rules", () => {
  it("are what Prometheus accepts, templates included", async () => {
    const directory = mkdtempSync(join(tmpdir(), "jaguar-rules-"));
    const file = join(directory, "rules.yaml");
    writeFileSync(file, dump({ groups: ruleGroups() }));
    const { exitCode, stderr } = await run(await tool("promtool"), ["check", "rules", file]);
    rmSync(directory, { recursive: true });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});
