import type { Resource } from "../../fleet/resource.ts";
import { list, mapping, text } from "../../yaml/value.ts";
import { findingAt } from "../argo/report.ts";
import type { Finding } from "../finding.ts";
import type { Inventory } from "./inventory.ts";
import { readQuery } from "./promql.ts";

/**
 * A scaler all of whose triggers ask for metrics that never change scales nothing, and looks as if it
 * did. One such trigger beside another that works is no mistake.
 */
export function constantFindings(resource: Resource, { constants }: Inventory): Finding[] {
  const { kind, metadata, spec } = resource.manifest;
  if (kind !== "ScaledObject" && kind !== "ScaledJob") return [];
  const asked = list(mapping(spec).triggers).map((trigger) => {
    const { type, metadata } = mapping(trigger);
    const query = type === "prometheus" ? text(mapping(metadata).query) : undefined;
    return query === undefined ? [] : readQuery(query).uses.map(({ metric }) => metric);
  });
  const changes = (metrics: readonly string[]) =>
    metrics.length === 0 || metrics.some((metric) => !constants.has(metric));
  if (asked.length === 0 || asked.some(changes)) return [];
  const told = [...new Set(asked.flat())]
    .map((metric) => `"${metric}" is always ${constants.get(metric)}`)
    .join(", ");
  return [
    findingAt(resource, ["spec", "triggers"], {
      rule: "promql-constant",
      message: `${kind} "${metadata.name}" never scales: ${told}`,
      help: "Add a trigger with a metric that changes, or take the constant from the metrics.yaml when a release writes the metric",
    }),
  ];
}
