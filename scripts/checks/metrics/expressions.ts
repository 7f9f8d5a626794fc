import type { Path, Resource } from "../../fleet/resource.ts";
import { readText, type Tree, UnreadableError } from "../../tree/tree.ts";
import { parseYaml, YamlSyntaxError } from "../../yaml/document.ts";
import type { Place } from "../../yaml/place.ts";
import { list, mapping, text } from "../../yaml/value.ts";
import { type DashboardQuery, dashboardQueries } from "./dashboards.ts";

/** One PromQL expression of the repository. */
type Expression = {
  readonly text: string;
  readonly resource: Resource;
  /** Where it stands in the manifest; for a dashboard, the key that holds its JSON. */
  readonly path: Path;
  readonly place: (tree: Tree) => Place;
};

/** A dashboard whose text Grafana could not load. */
type BrokenDashboard = { readonly resource: Resource; readonly path: Path };

/** Reads dashboards once, however many environments have them. */
type ReadDashboard = (json: string) => readonly DashboardQuery[] | undefined;

/** A reader that remembers. */
export function dashboardReader(): ReadDashboard {
  const known = new Map<string, readonly DashboardQuery[] | undefined>();
  return (json) => {
    if (!known.has(json)) known.set(json, dashboardQueries(json));
    return known.get(json);
  };
}

/** The expressions of one resource: of rules, of dashboards, of KEDA's triggers. */
export function expressionsOf(
  resource: Resource,
  read: ReadDashboard,
): (Expression | BrokenDashboard)[] {
  const { kind, metadata } = resource.manifest;
  if (kind === "PrometheusRule") return ofRules(resource);
  if (kind === "ScaledObject" || kind === "ScaledJob") return ofTriggers(resource);
  if (kind === "ConfigMap" && metadata.labels?.grafana_dashboard !== undefined) {
    return ofDashboards(resource, read);
  }
  return [];
}

/** The names that recording rules give to what they compute. */
export function recordedBy({ manifest }: Resource): string[] {
  if (manifest.kind !== "PrometheusRule") return [];
  return rulesOf(manifest).flatMap(({ rule }) => text(mapping(rule).record) ?? []);
}

function rulesOf(manifest: Resource["manifest"]) {
  return list(mapping(manifest.spec).groups).flatMap((group, g) =>
    list(mapping(group).rules).map((rule, r) => ({
      rule,
      path: ["spec", "groups", g, "rules", r] as Path,
    })),
  );
}

function ofRules(resource: Resource): Expression[] {
  return rulesOf(resource.manifest).flatMap(({ rule, path }) =>
    written(resource, mapping(rule).expr, [...path, "expr"]),
  );
}

function ofTriggers(resource: Resource): Expression[] {
  return list(mapping(resource.manifest.spec).triggers).flatMap((trigger, index) => {
    const { type, metadata } = mapping(trigger);
    const path = ["spec", "triggers", index, "metadata", "query"];
    return type === "prometheus" ? written(resource, mapping(metadata).query, path) : [];
  });
}

/** A number is an expression too: `expr: 1`. */
function written(resource: Resource, value: unknown, path: Path): Expression[] {
  if (typeof value !== "string" && typeof value !== "number") return [];
  return [{ text: String(value), resource, path, place: () => resource.placeOf(path) }];
}

function ofDashboards(resource: Resource, read: ReadDashboard): (Expression | BrokenDashboard)[] {
  return Object.entries(mapping(resource.manifest.data)).flatMap(([key, json]) => {
    const path = ["data", key];
    if (!key.endsWith(".json") || typeof json !== "string") return [];
    const queries = read(json);
    if (queries === undefined) return [{ resource, path }];
    return queries.map(({ expression, path: inside }) => ({
      text: expression,
      resource,
      path,
      place: (tree: Tree) => placeInside(tree, resource.placeOf(path), inside),
    }));
  });
}

/** JSON is YAML, so the file that a generator took knows the line of each of its values. */
function placeInside(tree: Tree, place: Place, path: Path): Place {
  if (!place.file.endsWith(".json")) return place;
  try {
    const [document] = parseYaml(readText(tree, place.file) ?? "", place.file);
    return document?.placeOf(path) ?? place;
  } catch (error) {
    if (error instanceof YamlSyntaxError || error instanceof UnreadableError) return place;
    throw error;
  }
}
