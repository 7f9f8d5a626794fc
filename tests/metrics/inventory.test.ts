import { describe, expect, it } from "vitest";
import { readInventory } from "../../scripts/checks/metrics/inventory.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { readText } from "../../scripts/tree/tree.ts";
import { parseYaml } from "../../scripts/yaml/document.ts";
import { list, mapping, valueAt } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";

const start = "exporter: x\nsource: example.org/x@v1.0.0, metrics.go\n";

describe("readInventory", () => {
  it("knows each metric under the names it is stored by", () => {
    const { series, families, findings } = inventoryOf(
      `${start}metrics:\n` +
        "  - {name: a_total, type: counter, labels: [code]}\n" +
        "  - {name: b_seconds, type: histogram, labels: []}\n" +
        "  - {name: c_seconds, type: summary}\n",
    );
    expect(findings).toEqual([]);
    expect(namesOf(series)).toEqual([
      ...["a_total", "b_seconds_bucket", "b_seconds_count", "b_seconds_sum"],
      ...["c_seconds", "c_seconds_count", "c_seconds_sum"],
    ]);
    expect(families.get("b_seconds")).toContain("b_seconds_bucket");
    expect(series.get("b_seconds_bucket")?.labels).toEqual(new Set(["le"]));
    expect(series.get("c_seconds")?.labels).toBeUndefined();
  });

  it("adds what the scrape's relabelling adds", () => {
    const { series } = inventoryOf(
      `${start}targetLabels: [node]\nmetrics: [{name: a, type: gauge, labels: [pod]}]\n`,
    );
    expect(series.get("a")?.labels).toEqual(new Set(["pod", "node"]));
  });

  it("takes together what two exporters have under one name", () => {
    const { series } = readInventory(
      memoryTree({
        "base/a/metrics.yaml": `${start}metrics: [{name: m, type: gauge, labels: [a]}]\n`,
        "base/b/deep/metrics.yaml": `${start}metrics: [{name: m, type: gauge, labels: [b]}]\n`,
      }),
    );
    expect(series.get("m")?.labels).toEqual(new Set(["a", "b"]));
  });

  it.each([
    ["no source", "exporter: x\nmetrics: []\n", 1, '"source"'],
    ["an empty source", 'exporter: x\nsource: ""\nmetrics: []\n', 2, "with a version"],
    ["an unknown type", `${start}metrics:\n  - {name: a, type: number}\n`, 4, "must be one of"],
    ["a name with a dash", `${start}metrics:\n  - {name: a-b, type: gauge}\n`, 4, "of a metric"],
    [
      "a metric twice",
      `${start}metrics:\n  - {name: a, type: gauge}\n  - {name: a, type: gauge}\n`,
      5,
      'repeats "a"',
    ],
  ])("finds %s", (_, text, line, message) => {
    const { findings } = inventoryOf(text);
    expect(findings).toMatchObject([{ rule: "metrics-inventory", place: { line } }]);
    expect(findings[0]?.message).toContain(message);
  });
});

describe("the repository's inventory", () => {
  it("is well formed", () => {
    expect(readInventory(repository).findings).toEqual([]);
  });

  it.each([
    ["kubelet", ["scrape-config-cadvisor.yaml", "scrape-config-kubelet.yaml"]],
    ["api-server", ["service-monitor.yaml"]],
  ])("has of %s what its scrape keeps, and nothing else", (folder, files) => {
    const base = `base/monitoring/${folder}`;
    const kept = files
      .flatMap((file) => relabelings(readYaml(`${base}/${file}`)))
      .filter(({ action }) => action === "keep")
      .flatMap(({ regex }) => String(regex).split("|"));
    const metrics = list(valueAt(readYaml(`${base}/metrics.yaml`), ["metrics"]));
    expect(metrics.map((metric) => mapping(metric).name).sort()).toEqual(kept.sort());
  });
});

function inventoryOf(text: string) {
  return readInventory(memoryTree({ "base/x/metrics.yaml": text }));
}

/** Without what Prometheus writes itself. */
function namesOf(series: ReadonlyMap<string, unknown>): string[] {
  return [...series.keys()].filter((name) => !/^(up|scrape_.*|ALERTS.*)$/.test(name));
}

function readYaml(file: string): unknown {
  return parseYaml(readText(repository, file) ?? "", file)[0]?.value;
}

function relabelings(manifest: unknown) {
  const spec = mapping(mapping(manifest).spec);
  const endpoints = spec.endpoints === undefined ? [spec] : list(spec.endpoints).map(mapping);
  return endpoints.flatMap(({ metricRelabelings }) => list(metricRelabelings).map(mapping));
}
