import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { type Series, testAlerts } from "../support/rules.ts";

/** Each trigger as an alert that fires where KEDA would wake the pool, and one where it would refuse the answer. */
const rules = ["burst-pool", "read-heavy-embedders", "write-heavy-indexers"].flatMap((pool) =>
  triggersOf(pool).flatMap(({ name, metadata: { query } }) => [
    { alert: `${pool} ${name}`, expr: `(${query}) > 0` },
    { alert: `${pool} ${name} has several values`, expr: `count(${query}) > 1` },
  ]),
);

const burst = (trigger: string) => `burst-pool ${trigger}`;
const proxy = (pod: string) => `job="termite-proxy",pod="termite-proxy-${pod}"`;
const refusals = (pod: string) =>
  `termite_proxy_requests_total{${proxy(pod)},pool="burst-pool",model="BAAI/bge-small-en-v1.5",operation="embed",status="no_endpoint"}`;
const connections = (pod: string, pool: string) =>
  `termite_proxy_active_connections{${proxy(pod)},pool="${pool}",endpoint="http://10.0.0.1:8080"}`;
const ready = (pool: string) =>
  `kube_statefulset_status_replicas_ready{namespace="termite-operator-namespace",statefulset="${pool}"}`;

/** A sample every 15 s for ten minutes, as the proxies are scraped. */
const constant = (value: number) => `${value}+0x40`;
/** Nothing for five minutes: the sample at 300 s is the first. */
const absentBefore = (values: string) => `_x20 ${values}`;

/** Nobody asks anything. Pools at rest have gauges that went back to 0. */
const idle: Series = {
  [ready("read-heavy-embedders")]: constant(2),
  [ready("write-heavy-indexers")]: constant(1),
  [ready("burst-pool")]: constant(0),
  [connections("a", "read-heavy-embedders")]: constant(0),
  [connections("b", "read-heavy-embedders")]: constant(0),
};

type Case = {
  readonly what: string;
  readonly series: Series;
  readonly at: string;
  readonly wakes: readonly string[];
};

const cases: readonly Case[] = [
  { what: "nobody asks anything", series: {}, at: "5m", wakes: [] },
  {
    what: "one request was refused, the first that this proxy ever refused",
    series: { [refusals("a")]: absentBefore(constant(1)) },
    at: "5m",
    wakes: [burst("no-endpoint")],
  },
  {
    what: "that was more than a minute ago",
    series: { [refusals("a")]: absentBefore(constant(1)) },
    at: "6m15s",
    wakes: [],
  },
  {
    what: "another proxy refuses its first request, long after this one",
    series: { [refusals("a")]: constant(1), [refusals("b")]: absentBefore(constant(1)) },
    at: "5m",
    wakes: [burst("no-endpoint")],
  },
  {
    what: "a proxy that had refused some refuses one more",
    series: { [refusals("a")]: "7+0x19 8+0x20" },
    at: "5m",
    wakes: [burst("no-endpoint")],
  },
  {
    what: "read-heavy-embedders has no ready server",
    series: { [ready("read-heavy-embedders")]: constant(0) },
    at: "5m",
    wakes: [burst("queries-without-server")],
  },
  {
    what: "a hundred requests are being answered",
    series: { [connections("a", "read-heavy-embedders")]: constant(100) },
    at: "5m",
    wakes: ["read-heavy-embedders active-connections"],
  },
  {
    what: "a hundred and one are, by two proxies",
    series: {
      [connections("a", "read-heavy-embedders")]: constant(100),
      [connections("b", "read-heavy-embedders")]: constant(1),
    },
    at: "5m",
    wakes: ["read-heavy-embedders active-connections", burst("overflow-active-connections")],
  },
];

describe("the triggers of the pools", () => {
  it.each(cases)("ask for servers as they should when $what", async ({ series, at, wakes }) => {
    const test = { series: { ...idle, ...series }, at, firing: wakes };
    const result = await testAlerts([{ name: "triggers", rules }], [test]);
    expect(result).toEqual({ exitCode: 0, output: expect.stringContaining("SUCCESS") });
  });
});

type Trigger = { readonly name: string; readonly metadata: { readonly query: string } };

function triggersOf(pool: string): readonly Trigger[] {
  const text = readFileSync(`base/termite/pools/${pool}/scaled-object.yaml`, "utf8");
  return (load(text) as { spec: { triggers: readonly Trigger[] } }).spec.triggers;
}
