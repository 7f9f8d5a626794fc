import { describe, expect, it } from "vitest";
import { dashboardQueries } from "../../scripts/checks/metrics/dashboards.ts";

describe("dashboardQueries", () => {
  it("finds the expressions of panels, of rows of panels and of annotations", () => {
    const dashboard = {
      panels: [{ targets: [{ expr: "a" }] }, { panels: [{ targets: [{ expr: "b" }] }] }],
      annotations: { list: [{ expr: "c" }] },
    };
    expect(dashboardQueries(JSON.stringify(dashboard))).toEqual([
      { expression: "a", path: ["panels", 0, "targets", 0, "expr"] },
      { expression: "b", path: ["panels", 1, "panels", 0, "targets", 0, "expr"] },
      { expression: "c", path: ["annotations", "list", 0, "expr"] },
    ]);
  });

  it("finds what the values of a variable come from", () => {
    const list = [
      { type: "query", query: 'label_values(a{b="c,d"}, name)' },
      { type: "query", query: { query: "query_result(topk(3, a))" } },
    ];
    expect(dashboardQueries(JSON.stringify({ templating: { list } }))).toEqual([
      { expression: 'a{b="c,d"}', path: ["templating", "list", 0, "query"] },
      { expression: "topk(3, a)", path: ["templating", "list", 1, "query", "query"] },
    ]);
  });

  it.each([
    { type: "query", query: "label_values(job)" },
    { type: "query", query: "label_names()" },
    { type: "datasource", query: "prometheus" },
    { type: "query", query: "label_values(a, b)", datasource: { type: "loki" } },
  ])("asks nothing of %o", (variable) => {
    expect(dashboardQueries(JSON.stringify({ templating: { list: [variable] } }))).toEqual([]);
  });

  it.each([
    ["rate(a[$__rate_interval])", "rate(a[5m])"],
    [`rate(a[${"$"}{window}])`, "rate(a[5m])"],
    ["rate(a[$window:])", "rate(a[5m:])"],
    ["increase(a[$__range]) / $__range_s", "increase(a[5m]) / 300"],
    [`a{b=~"$name", c="${"$"}{other:raw}"}`, 'a{b=~"variable", c="variable"}'],
    ["sum by ($label) (a)", "sum by (variable) (a)"],
  ])("puts values into %s", (expr, expression) => {
    expect(dashboardQueries(JSON.stringify({ expr }))).toEqual([{ expression, path: ["expr"] }]);
  });

  it("leaves the language of other data sources alone", () => {
    const target = { datasource: { type: "loki" }, expr: '{app="a"} |= "b"' };
    expect(dashboardQueries(JSON.stringify(target))).toEqual([]);
  });

  it("is undefined for what is not JSON", () => {
    expect(dashboardQueries("{")).toBeUndefined();
  });
});
