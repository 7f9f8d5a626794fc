import { formatPath, type Path, type Resource, resourceId } from "../../fleet/resource.ts";
import type { Rendering } from "../../render/render.ts";
import { readText, type Tree, UnreadableError, walk } from "../../tree/tree.ts";
import type { Place } from "../../yaml/place.ts";
import type { Check } from "../check.ts";
import type { Finding } from "../finding.ts";
import { nearest } from "../schema/nearest.ts";
import { constantFindings } from "./constants.ts";
import { dashboardReader, expressionsOf, recordedBy } from "./expressions.ts";
import { type Inventory, readInventory, scrapeLabels } from "./inventory.ts";
import { type Query, readQuery, type Use } from "./promql.ts";

/** Says whether rules, dashboards and scalers ask about metrics that somebody exports. */
export const metricsCheck: Check = {
  id: "metrics",
  description: "Every PromQL expression parses and names only metrics of a declared exporter",
  run: ({ tree, renderings }) => ({
    status: "ran",
    findings: metricsFindings(tree, renderings),
  }),
};

type Violation = Pick<Finding, "rule" | "message"> & { readonly help: string };

/** What is wrong with the inventory and with the expressions of the rendered resources. */
export function metricsFindings(tree: Tree, renderings: readonly Rendering[]): Finding[] {
  const inventory = readInventory(tree);
  const recorded = recordedNames(tree, renderings);
  const read = dashboardReader();
  const queries = new Map<string, Query>();
  const findings: Finding[] = [...inventory.findings];
  for (const { resources } of renderings) {
    for (const resource of resources) {
      findings.push(...constantFindings(resource, inventory));
      for (const found of expressionsOf(resource, read)) {
        if (!("text" in found)) {
          findings.push(findingOf(found, () => resource.placeOf(found.path), brokenDashboard));
          continue;
        }
        const query = queries.get(found.text) ?? readQuery(found.text);
        queries.set(found.text, query);
        for (const violation of violations(query, inventory, recorded)) {
          findings.push(findingOf(found, () => found.place(tree), violation));
        }
      }
    }
  }
  return findings;
}

const brokenDashboard: Violation = {
  rule: "promql-dashboard",
  message: "The dashboard is not JSON, and Grafana would not load it",
  help: "Export it from Grafana again, or mend it by hand",
};

function violations(
  { uses, error }: Query,
  inventory: Inventory,
  recorded: ReadonlySet<string>,
): Violation[] {
  if (error !== undefined) {
    return [
      {
        rule: "promql-syntax",
        message: `The expression is not PromQL${error.at === "" ? "" : ` at "${error.at}"`}: ${error.message}`,
        help: "Try it in the query page of Prometheus",
      },
    ];
  }
  const told = new Set<string>();
  return uses
    .filter(({ metric }) => !recorded.has(metric))
    .flatMap((use) => violationsOf(use, inventory))
    .filter(({ message }) => !told.has(message) && told.add(message));
}

function violationsOf({ metric, labels }: Use, { series, families }: Inventory): Violation[] {
  const known = series.get(metric);
  if (known === undefined) {
    const stored = families.get(metric);
    const near = stored ? undefined : nearest(metric, series.keys());
    const hint = stored
      ? `: it is stored as ${stored.map((name) => `"${name}"`).join(", ")}`
      : near === undefined
        ? ""
        : `: did you mean "${near}"?`;
    return [
      {
        rule: "promql-unknown-metric",
        message: `No exporter has the metric "${metric}"${hint}`,
        help: "Name a metric that exists, or add it with its source to the metrics.yaml beside what exports it",
      },
    ];
  }
  const own = known.labels;
  if (own === undefined) return [];
  return labels
    .filter((label) => !own.has(label) && !scrapeLabels.has(label) && !isMoved(label))
    .map((label) => {
      const near = nearest(label, [...own, ...scrapeLabels]);
      return {
        rule: "promql-unknown-label",
        message: `The metric "${metric}" has no label "${label}"${near === undefined ? "" : `: did you mean "${near}"?`}`,
        help: "Match by a label that exists, or add it to the metrics.yaml beside what exports the metric",
      };
    });
}

/** A label of the metric that the scrape has one of its own for. */
function isMoved(label: string): boolean {
  return label.startsWith("exported_") && scrapeLabels.has(label.slice("exported_".length));
}

/** Of the files too: a check of one app does not render the others, whose rules it may use. */
function recordedNames(tree: Tree, renderings: readonly Rendering[]): ReadonlySet<string> {
  const rendered = renderings.flatMap(({ resources }) => resources.flatMap(recordedBy));
  const written = ["base", "overlays"].flatMap((directory) =>
    [...walk(tree, directory, () => {})].flatMap((file) => {
      if (!/\/prometheus-rule[^/]*\.yaml$/.test(file)) return [];
      return [...textOf(tree, file).matchAll(/^[\s-]*record:\s*["']?([\w:]+)/gm)].map(
        ([, name = ""]) => name,
      );
    }),
  );
  return new Set([...rendered, ...written]);
}

/** The layout check says what is wrong with files that cannot be read. */
function textOf(tree: Tree, file: string): string {
  try {
    return readText(tree, file) ?? "";
  } catch (error) {
    if (error instanceof UnreadableError) return "";
    throw error;
  }
}

function findingOf(
  { resource, path }: { readonly resource: Resource; readonly path: Path },
  place: () => Place,
  violation: Violation,
): Finding {
  return {
    ...violation,
    severity: "error",
    place: place(),
    target: resource.target,
    resource: resourceId(resource.manifest),
    path: formatPath(path),
  };
}
