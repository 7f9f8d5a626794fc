import { describe, expect, it } from "vitest";
import { ruleGroups, type Series, testAlerts } from "../support/rules.ts";

const groups = ruleGroups("base/termite/servers");
/** Samples in half an hour, one every 15 s. */
const half = 120;

/** For an hour and a half. */
const constant = (value: number) => `${value}+0x${3 * half}`;
/** Half an hour of one value, then another. */
const change = (before: number, after: number) => `${before}+0x${half - 1} ${after}+0x${2 * half}`;
/** A counter with so much growth a second in the first half hour, and so much from then on. */
const rate = (before: number, after = before) =>
  `0+${before * 15}x${half - 1} ${before * 15 * half}+${after * 15}x${2 * half}`;
/** No series in the first half hour, as of a counter before it counts anything. */
const absentBefore = (values: string) => `_x${half} ${values}`;

const namespace = 'namespace="termite-operator-namespace"';
const proxy = 'job="termite-proxy",pod="termite-proxy-a"';
const up = `up{${proxy}}`;
const queries = 'pool="read-heavy-embedders"';
const requests = (status: string) =>
  `termite_proxy_requests_total{${proxy},${queries},model="BAAI/bge-small-en-v1.5",operation="embed",status="${status}"}`;
const bucket = (le: string) =>
  `termite_proxy_request_duration_seconds_bucket{${proxy},${queries},model="BAAI/bge-small-en-v1.5",operation="embed",le="${le}"}`;
const known = (pool: string, address: string) =>
  `termite_proxy_endpoint_healthy{${proxy},pool="${pool}",endpoint="http://${address}:8080"}`;
const wanted = (pool: string) => `kube_statefulset_replicas{${namespace},statefulset="${pool}"}`;
const ready = (pool: string) =>
  `kube_statefulset_status_replicas_ready{${namespace},statefulset="${pool}"}`;
const pulling = (reason: string) =>
  `kube_pod_init_container_status_waiting_reason{${namespace},pod="write-heavy-indexers-0",container="model-puller",reason="${reason}"}`;
const scaler = `${namespace},horizontalpodautoscaler="keda-hpa-read-heavy-embedders-scaler"`;
const servers = `kube_horizontalpodautoscaler_status_current_replicas{${scaler}}`;

/** Ten requests a second, four in a hundred with an error, all within 100 ms; the burst pool at rest. */
const healthy: Series = {
  [up]: constant(1),
  [requests("success")]: rate(9.6),
  [requests("error")]: rate(0.4),
  [bucket("0.05")]: rate(9),
  [bucket("0.1")]: rate(10),
  [bucket("0.25")]: rate(10),
  [bucket("+Inf")]: rate(10),
  [known("read-heavy-embedders", "10.0.0.1")]: constant(1),
  // Went long ago: the proxy leaves the last that it said
  [known("write-heavy-indexers", "10.0.0.2")]: constant(1),
  // The Services of the proxies, which are no pools
  [known("proxy", "10.0.0.3")]: constant(0),
  [known("proxy-lb", "10.0.0.3")]: constant(0),
  [wanted("read-heavy-embedders")]: constant(2),
  [ready("read-heavy-embedders")]: constant(2),
  [wanted("write-heavy-indexers")]: constant(1),
  [ready("write-heavy-indexers")]: constant(1),
  [wanted("burst-pool")]: constant(0),
  [ready("burst-pool")]: constant(0),
  [pulling("PodInitializing")]: constant(1),
  [servers]: constant(7),
  [`kube_horizontalpodautoscaler_spec_max_replicas{${scaler}}`]: constant(8),
};

type Case = {
  readonly when: string;
  readonly alert: string;
  /** What changes after half an hour. */
  readonly series: Series;
  /** Minutes after the change: the last look at which nothing fires, and the first at which it does. */
  readonly quiet: number;
  readonly fires: number;
};

const cases: readonly Case[] = [
  {
    when: "a proxy is not scraped",
    alert: "TermiteProxyTargetDown",
    series: { [up]: change(1, 0) },
    quiet: 1,
    fires: 3,
  },
  {
    when: "one request in six fails, of a pool that never failed before",
    alert: "TermiteRequestsFail",
    series: { [requests("error")]: absentBefore("1+30x240") },
    // Most of two minutes pass until that is one in twenty of the last five
    quiet: 5,
    fires: 8,
  },
  {
    when: "a pool has no ready server, although a proxy still calls one healthy",
    alert: "TermitePoolWithoutServer",
    series: { [ready("write-heavy-indexers")]: change(1, 0) },
    quiet: 4,
    fires: 6,
  },
  {
    when: "two requests in a hundred take longer than 100 ms",
    alert: "TermiteQueriesSlow",
    series: { [bucket("0.05")]: rate(9, 8.8), [bucket("0.1")]: rate(10, 9.8) },
    // After half of five minutes they are one in a hundred of the window
    quiet: 12,
    fires: 14,
  },
  {
    when: "a server of the burst pool does not get ready",
    alert: "TermiteServersNotReady",
    series: { [wanted("burst-pool")]: change(0, 1) },
    quiet: 19,
    fires: 21,
  },
  {
    when: "the registry does not have a model",
    alert: "TermiteModelsNotPulled",
    series: { [pulling("CrashLoopBackOff")]: absentBefore("1+0x240") },
    quiet: 4,
    fires: 6,
  },
  {
    when: "a pool stands at its maximum",
    alert: "TermitePoolAtMaximum",
    series: { [servers]: change(7, 8) },
    quiet: 29,
    fires: 31,
  },
];

const after = (minutes: number) => `${30 + minutes}m`;

describe("Termite's alerts", () => {
  it("are silent while everything is well", async () => {
    const times = ["5m", "30m", "80m"];
    const result = await testAlerts(
      groups,
      times.map((at) => ({ series: healthy, at, firing: [] })),
    );
    expect(result).toEqual({ exitCode: 0, output: expect.stringContaining("SUCCESS") });
  });

  it.each(cases)("$alert fires alone, and not early, when $when", async (one) => {
    const series = { ...healthy, ...one.series };
    const result = await testAlerts(groups, [
      { series, at: after(one.quiet), firing: [] },
      { series, at: after(one.fires), firing: [one.alert] },
    ]);
    expect(result).toEqual({ exitCode: 0, output: expect.stringContaining("SUCCESS") });
  });

  it("say that the proxy is gone when no pod of it is known", async () => {
    const { [up]: _, ...rest } = healthy;
    const result = await testAlerts(groups, [
      { series: rest, at: "1m", firing: [] },
      { series: rest, at: "3m", firing: ["TermiteProxyTargetDown"] },
    ]);
    expect(result).toEqual({ exitCode: 0, output: expect.stringContaining("SUCCESS") });
  });

  it("are each tried", () => {
    const names = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
    expect(cases.map(({ alert }) => alert).sort()).toEqual(names.sort());
  });
});
