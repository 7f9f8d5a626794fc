import { describe, expect, it } from "vitest";
import { readQuery } from "../../scripts/checks/metrics/promql.ts";

describe("readQuery", () => {
  it("names every metric of an expression and the labels that it is matched by", () => {
    const { uses } = readQuery('sum by (pod) (rate(a_total{job="x", code=~"5.."}[5m])) / b > 0');
    expect(uses).toEqual([
      { metric: "a_total", labels: ["job", "code"] },
      { metric: "b", labels: [] },
    ]);
  });

  it.each([
    ['{__name__="a", job="x"}', [{ metric: "a", labels: ["job"] }]],
    ['{"a.b", job="x"}', [{ metric: "a.b", labels: ["job"] }]],
    ['{"__name__"="a"}', [{ metric: "a", labels: [] }]],
    // Which metrics a pattern matches is known where it is asked
    ['{__name__=~"a.*"}', []],
    ["vector(1)", []],
  ])("reads the metric of %s", (expression, uses) => {
    expect(readQuery(expression)).toEqual({ uses });
  });

  it.each([
    ["sum(a", "it cannot be read"],
    ["", "it cannot be read"],
    ["a b", "it cannot be read"],
    ['a{job="x}', "a text has no closing quote"],
    ["rate(a)", '"rate" takes a range such as "[5m]"'],
    ["sum_over_time(rate(a[5m]))", '"sum_over_time" takes a range such as "[5m]"'],
    ["ceil(a[5m])", '"ceil" takes single values, and this is a range'],
  ])("says what is wrong with %s", (expression, message) => {
    expect(readQuery(expression)).toMatchObject({ uses: [], error: { message } });
  });

  it("says where the first mistake is", () => {
    expect(readQuery("a + sum(b) by by").error?.at).toBe("by");
  });

  it.each([
    "rate(a[5m] offset 1h)",
    "rate((a[5m]))",
    "max_over_time(rate(a[5m])[1h:1m])",
    "quantile_over_time(0.9, a[5m])",
  ])("takes the range of %s for one", (expression) => {
    expect(readQuery(expression).error).toBeUndefined();
  });
});
