import type { Path } from "../../fleet/resource.ts";
import { isMapping, list, mapping, text } from "../../yaml/value.ts";

/** An expression of a dashboard and where it stands in the JSON. */
export type DashboardQuery = { readonly expression: string; readonly path: Path };

/** The expressions of panels, annotations and variables; undefined where the text is not JSON. */
export function dashboardQueries(json: string): readonly DashboardQuery[] | undefined {
  let dashboard: unknown;
  try {
    dashboard = JSON.parse(json);
  } catch {
    return undefined;
  }
  return [
    ...expressionsIn(dashboard, []),
    ...list(mapping(mapping(dashboard).templating).list).flatMap((variable, index) =>
      variableQueries(variable, ["templating", "list", index]),
    ),
  ].map(({ expression, path }) => ({ expression: withoutVariables(expression), path }));
}

/** Grafana keeps PromQL in fields named `expr`; Loki does too, and says so beside them. */
function expressionsIn(value: unknown, path: Path): DashboardQuery[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => expressionsIn(item, [...path, index]));
  }
  if (!isMapping(value)) return [];
  const type = text(mapping(value.datasource).type) ?? "prometheus";
  return Object.entries(value).flatMap(([key, child]) => {
    if (key === "expr" && typeof child === "string") {
      const isOurs = type === "prometheus" && child.trim() !== "";
      return isOurs ? [{ expression: child, path: [...path, key] }] : [];
    }
    return expressionsIn(child, [...path, key]);
  });
}

function variableQueries(variable: unknown, path: Path): DashboardQuery[] {
  const { type, query, datasource } = mapping(variable);
  if (type !== "query") return [];
  if ((text(mapping(datasource).type) ?? "prometheus") !== "prometheus") return [];
  const nested = text(mapping(query).query);
  const written = nested ?? text(query) ?? "";
  const expression = selectorOf(written);
  const at = nested === undefined ? [...path, "query"] : [...path, "query", "query"];
  return expression === undefined ? [] : [{ expression, path: at }];
}

/** `label_values(up, job)` asks about `up`; `label_values(job)`, `label_names()` and `metrics(…)` about none. */
function selectorOf(query: string): string | undefined {
  const [, name = "", inner = ""] = /^\s*([a-z_]+)\((.*)\)\s*$/s.exec(query) ?? [];
  if (name === "query_result") return inner;
  if (name !== "label_values") return undefined;
  const comma = inner.lastIndexOf(",");
  return comma < 0 ? undefined : inner.slice(0, comma);
}

/** Puts values of the right shape where Grafana puts those of its variables. */
function withoutVariables(expression: string): string {
  return expression
    .replace(/\$__(rate_interval|interval|range)\b|\$\{__(rate_interval|interval|range)\}/g, "5m")
    .replace(/\$__(interval_ms|range_s|range_ms)\b|\$\{__(interval_ms|range_s|range_ms)\}/g, "300")
    .replace(/\[\s*(\$\w+|\$\{[^}]+\})\s*(?=[\]:])/g, "[5m")
    .replace(/\$\{[^}]+\}|\[\[\w+\]\]|\$[a-zA-Z_]\w*/g, "variable");
}
