import { describe, expect, it } from "vitest";
import { metricsCheck, metricsFindings } from "../../scripts/checks/metrics/index.ts";
import type { Resource } from "../../scripts/fleet/resource.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { resourcesIn, target } from "../policies/resources.ts";
import { type Change, findingsAfter, removeLine, replace } from "../support/mutate.ts";

const checks = [metricsCheck];
const router = "base/llm-runner-router";
const rules = "base/monitoring/rules";

describe("one change to the repository gives one finding", () => {
  const mutations: readonly (readonly [string, Readonly<Record<string, Change>>, string])[] = [
    [
      "a metric of a rule is misspelt",
      {
        [`${rules}/prometheus-rule-secrets.yaml`]: replace(
          "sealed_secrets_controller_condition_info{",
          "sealed_secrets_controller_conditions_info{",
        ),
      },
      `promql-unknown-metric ${rules}/prometheus-rule-secrets.yaml:12 No exporter has the metric "sealed_secrets_controller_conditions_info": did you mean "sealed_secrets_controller_condition_info"?`,
    ],
    [
      "a metric of a dashboard is misspelt",
      {
        [`${router}/dashboard.json`]: replace(
          '"expr": "llm_router_nodejs_active_handles{',
          '"expr": "llm_router_nodejs_active_handle{',
        ),
      },
      `promql-unknown-metric ${router}/dashboard.json:93 No exporter has the metric "llm_router_nodejs_active_handle": did you mean "llm_router_nodejs_active_handles"?`,
    ],
    [
      "a variable of a dashboard asks about a metric that is not there",
      {
        "base/monitoring/dashboards/platform.json": replace(
          "label_values(argocd_app_info, name)",
          "label_values(argocd_apps, name)",
        ),
      },
      'promql-unknown-metric base/monitoring/dashboards/platform.json:32 No exporter has the metric "argocd_apps": did you mean "argocd_app_info"?',
    ],
    [
      "a label is misspelt",
      {
        [`${rules}/prometheus-rule-nodes.yaml`]: replace(
          'kube_pod_status_phase{phase="Pending"}',
          'kube_pod_status_phase{phas="Pending"}',
        ),
      },
      `promql-unknown-label ${rules}/prometheus-rule-nodes.yaml:32 The metric "kube_pod_status_phase" has no label "phas": did you mean "phase"?`,
    ],
    [
      "an expression lacks a parenthesis",
      {
        [`${rules}/prometheus-rule-applications.yaml`]: replace(
          "expr: absent(argocd_app_info)",
          "expr: absent(argocd_app_info",
        ),
      },
      `promql-syntax ${rules}/prometheus-rule-applications.yaml:70 The expression is not PromQL: it cannot be read`,
    ],
    [
      "an exporter no longer has what a rule asks about",
      {
        "base/keda/metrics.yaml": removeLine(
          "  - {name: keda_scaled_job_errors_total, type: counter, labels: [namespace, scaledJob]}",
        ),
      },
      `promql-unknown-metric ${rules}/prometheus-rule-scalers.yaml:35 No exporter has the metric "keda_scaled_job_errors_total": did you mean "keda_scaled_object_errors_total"?`,
    ],
  ];

  it.each(mutations)("%s", async (_, changes, expected) => {
    const findings = await findingsAfter(changes, checks);
    const told = findings.map(
      ({ rule, place, message }) => `${rule} ${place.file}:${place.line} ${message}`,
    );
    expect([...new Set(told)]).toEqual([expected]);
  });
});

describe("metricsFindings", () => {
  it("reads the triggers of KEDA's objects", () => {
    expect(
      messages(`
        apiVersion: keda.sh/v1alpha1
        kind: ScaledObject
        metadata: {name: a}
        spec:
          triggers:
            - {type: prometheus, metadata: {query: 'sum(rate(b[5m]))'}}
            - {type: rabbitmq, metadata: {query: not promql}}
      `),
    ).toEqual(['No exporter has the metric "b"']);
  });

  it("knows what a recording rule computes", () => {
    expect(
      messages(`
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata: {name: a}
        spec:
          groups:
            - name: a
              rules:
                - {record: job:a:sum, expr: sum(a_total)}
                - {alert: A, expr: 'job:a:sum{anything="x"} > 1'}
      `),
    ).toEqual([]);
  });

  it("knows what rules compute that are not rendered, as those of other apps are with `--app`", () => {
    const [first] = resourcesIn(rule("job:b:sum > 1"));
    const files = {
      "base/b/prometheus-rule.yaml":
        "spec:\n  groups:\n    - rules:\n        - record: job:b:sum\n",
    };
    const renderings = [{ target, resources: first ? [first] : [], findings: [] }];
    expect(metricsFindings(memoryTree(files), renderings)).toEqual([]);
    expect(metricsFindings(memoryTree({}), renderings)).toHaveLength(1);
  });

  it("says under which names a histogram is stored", () => {
    expect(messages(rule("b_seconds"))).toEqual([
      'No exporter has the metric "b_seconds": it is stored as "b_seconds_bucket", "b_seconds_count", "b_seconds_sum"',
    ]);
    expect(messages(rule('b_seconds_bucket{le="1"}'))).toEqual([]);
  });

  it("knows the labels that a scrape adds, and where it moves a metric's own", () => {
    expect(messages(rule('a_total{job="x", exported_namespace="y"}'))).toEqual([]);
    expect(messages(rule('a_total{exported_code="y"}'))).toEqual([
      'The metric "a_total" has no label "exported_code"',
    ]);
  });

  it("says once what an expression repeats", () => {
    expect(messages(rule("c / c"))).toEqual(['No exporter has the metric "c"']);
  });

  it("says that a dashboard is not JSON", () => {
    expect(
      messages(`
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: a, labels: {grafana_dashboard: "1"}}
        data: {a.json: "{", notes.txt: "{"}
      `),
    ).toEqual(["The dashboard is not JSON, and Grafana would not load it"]);
  });
});

const tree = memoryTree({
  "base/x/metrics.yaml":
    "exporter: x\nsource: example.org/x@v1.0.0\nmetrics:\n" +
    "  - {name: a_total, type: counter, labels: [code]}\n" +
    "  - {name: b_seconds, type: histogram, labels: []}\n",
});

function rule(expression: string): string {
  return `
    apiVersion: monitoring.coreos.com/v1
    kind: PrometheusRule
    metadata: {name: a}
    spec: {groups: [{name: a, rules: [{alert: A, expr: '${expression}'}]}]}
  `;
}

function messages(yaml: string): string[] {
  const resources: readonly Resource[] = resourcesIn(yaml);
  return metricsFindings(tree, [{ target, resources, findings: [] }]).map(({ message }) => message);
}
