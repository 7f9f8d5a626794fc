import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Pipeline } from "../../scripts/pipelines/bento.ts";
import { openSystem, type System } from "../../scripts/pipelines/system.ts";
import { accepted, post, release, untilStatus } from "./client.ts";

type Metric = { readonly name: string; readonly type: string; readonly labels: readonly string[] };

let system: System;
beforeAll(async () => {
  system = await openSystem(release);
});
afterAll(() => system.close());

test("after a request of each outcome, the pipelines together export every metric that alerts may ask for, with its type and labels", async () => {
  await untilStatus(system, "ada", await accepted(system, "ada", "works"), "done");
  system.ml.behaviour = { status: 422 };
  await untilStatus(system, "ada", await accepted(system, "ada", "fails"), "failed");
  await system.redis.call("SET", "user:bea:quota:daily:requests:limit", "0");
  expect(await post(system, "bea", "too many")).toMatchObject({ status: 429 });
  await system.stop(system.redis);
  await accepted(system, "ada", "passes unchecked");

  const pipelines = [system.gateway, ...system.workers, ...system.collectors, system.api];
  const exported = new Set((await Promise.all(pipelines.map(metricsOf))).flat());
  const { metrics } = load(readFileSync("base/ml-inference/metrics.yaml", "utf8")) as {
    readonly metrics: readonly Metric[];
  };
  const printed = metrics.map(({ name, type, labels }) => `${name} ${type} ${labels.join()}`);
  expect(printed.filter((metric) => !exported.has(metric))).toEqual([]);
});

/** The metrics of a pipeline, each as `name type label,label`, without those of its language. */
async function metricsOf(pipeline: Pipeline): Promise<string[]> {
  const text = await (await fetch(`${pipeline.url}/metrics`)).text();
  const types = new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => [name, type]),
  );
  const series = text.split("\n").filter((line) => /^(?!#|go_|process_|promhttp_)\w/.test(line));
  return series.map((line) => {
    const [, full = "", labels = ""] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    const name = types.has(full) ? full : full.replace(/_(bucket|sum|count)$/, "");
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, label = ""]) => label);
    const own = names.filter((label) => label !== "le").sort();
    return `${name} ${types.get(name)} ${own.join()}`;
  });
}
