import { expect, it } from "vitest";
import { type FiringTest, ruleGroups, type Series, testRules } from "../support/promtool.ts";

const file = "base/ml-inference/prometheus-rule.yaml";
const pod = 'namespace="ml-inference",pod="a"';
/** For an hour, a sample every 15 s. */
const constant = (value: number) => `${value}+0x240`;
/** A counter with so much growth a second. */
const rate = (perSecond: number) => `0+${perSecond * 15}x240`;
const queue = (metric: string, name: string) =>
  `rabbitmq_detailed_queue_${metric}{job="rabbitmq",${pod},vhost="/",queue="${name}"}`;
const steps = 'job="api-gateway",label="insert_row",path="root.pipeline"';

/** Of ten requests a second, so many take at most so many seconds. */
function histogram(
  name: string,
  labels: string,
  buckets: Readonly<Record<string, number>>,
): Series {
  return Object.fromEntries(
    Object.entries(buckets).map(([le, count]) => [
      `${name}_bucket{${labels},${pod},le="${le}"}`,
      rate(count),
    ]),
  );
}

/** Everything as it should be. */
const healthy: Series = {
  ...Object.fromEntries(
    [
      ...["api-gateway", "api-service", "ml-inference", "ml-worker", "postgresql"],
      ...["rabbitmq", "redis", "results-collector"],
    ].map((job) => [`up{job="${job}",${pod}}`, constant(1)]),
  ),
  ...histogram("input_latency_ns", 'job="api-gateway"', { "0.1": 9, "1": 10, "+Inf": 10 }),
  ...histogram("processor_latency_ns", 'job="ml-worker",label="infer"', {
    "5": 9,
    "30": 10,
    "+Inf": 10,
  }),
  [`quota_refused{job="api-gateway",${pod},quota="tokens"}`]: constant(3),
  [`quota_unchecked{job="api-gateway",${pod}}`]: constant(3),
  [`processor_error{${steps},${pod}}`]: constant(7),
  [`output_error{${steps},${pod}}`]: constant(7),
  [`inferences{job="ml-worker",${pod},status="completed"}`]: rate(1),
  [`inferences{job="ml-worker",${pod},status="failed"}`]: rate(0.05),
  [queue("messages", "inference_requests")]: constant(100),
  [queue("messages", "inference_results")]: constant(0),
  [queue("messages", "inference_requests.dlq")]: constant(0),
  [queue("messages", "inference_results.dlq")]: constant(0),
  [queue("consumers", "inference_requests")]: constant(20),
  [queue("consumers", "inference_results")]: constant(0),
  [`rabbitmq_alarms_memory_used_watermark{job="rabbitmq",${pod}}`]: constant(0),
  [`rabbitmq_alarms_free_disk_space_watermark{job="rabbitmq",${pod}}`]: constant(0),
  [`cnpg_collector_up{job="postgresql",${pod},cluster="postgresql"}`]: constant(1),
  [`cnpg_pg_replication_lag{job="postgresql",${pod}}`]: constant(30),
  [`redis_up{job="redis",${pod}}`]: constant(1),
  [`redis_memory_used_bytes{job="redis",${pod}}`]: constant(80),
  [`redis_memory_max_bytes{job="redis",${pod}}`]: constant(100),
};

type Case = {
  readonly title: string;
  readonly alert: string;
  readonly series: Series;
  /** Without these. */
  readonly gone?: readonly string[];
  /** The last minute at which it is quiet, and one at which it fires. */
  readonly quiet: number;
  readonly fires: number;
};

const cases: readonly Case[] = [
  {
    title: "a program that is not scraped",
    alert: "MlInferenceTargetDown",
    series: { [`up{job="ml-worker",${pod}}`]: constant(0) },
    quiet: 4,
    fires: 6,
  },
  {
    title: "a program without pods",
    alert: "MlInferenceAbsent",
    series: {},
    gone: [`up{job="results-collector",${pod}}`],
    quiet: 9,
    fires: 11,
  },
  {
    title: "a gateway that needs more than a second for one request in twenty",
    alert: "MlInferenceGatewaySlow",
    series: histogram("input_latency_ns", 'job="api-gateway"', { "1": 9, "2.5": 10, "+Inf": 10 }),
    quiet: 4,
    fires: 7,
  },
  {
    title: "users whose quota is used up",
    alert: "MlInferenceQuotaRefused",
    series: { [`quota_refused{job="api-gateway",${pod},quota="tokens"}`]: rate(0.1) },
    quiet: 4,
    fires: 7,
  },
  {
    title: "requests that pass without a look at their quota",
    alert: "MlInferenceQuotaUnchecked",
    series: { [`quota_unchecked{job="api-gateway",${pod}}`]: rate(0.1) },
    quiet: 4,
    fires: 7,
  },
  {
    title: "a step that keeps failing",
    alert: "MlInferenceErrors",
    series: { [`processor_error{${steps},${pod}}`]: rate(0.1) },
    quiet: 9,
    fires: 12,
  },
  {
    title: "an output that keeps failing",
    alert: "MlInferenceErrors",
    series: { [`output_error{${steps},${pod}}`]: rate(0.1) },
    quiet: 9,
    fires: 12,
  },
  {
    title: "one inference in five that fails",
    alert: "MlInferenceFailing",
    series: { [`inferences{job="ml-worker",${pod},status="failed"}`]: rate(0.25) },
    quiet: 14,
    fires: 17,
  },
  {
    title: "a model that needs more than half a minute for one answer in twenty",
    alert: "MlInferenceModelSlow",
    series: histogram("processor_latency_ns", 'job="ml-worker",label="infer"', {
      "5": 5,
      "30": 9,
      "60": 10,
      "+Inf": 10,
    }),
    quiet: 9,
    fires: 12,
  },
  {
    title: "a hundred and one requests in their queue",
    alert: "MlInferenceQueueLong",
    series: { [queue("messages", "inference_requests")]: constant(101) },
    quiet: 9,
    fires: 11,
  },
  {
    title: "a request that nobody reads",
    alert: "MlInferenceQueueUnread",
    series: {
      [queue("messages", "inference_requests")]: constant(1),
      [queue("consumers", "inference_requests")]: constant(0),
    },
    quiet: 9,
    fires: 11,
  },
  {
    title: "a dead letter",
    alert: "MlInferenceDeadLetters",
    series: { [queue("messages", "inference_results.dlq")]: constant(1) },
    quiet: 4,
    fires: 6,
  },
  {
    title: "a broker without memory",
    alert: "MlInferenceBrokerAlarm",
    series: { [`rabbitmq_alarms_memory_used_watermark{job="rabbitmq",${pod}}`]: constant(1) },
    quiet: 0,
    fires: 2,
  },
  {
    title: "a broker without disk",
    alert: "MlInferenceBrokerAlarm",
    series: { [`rabbitmq_alarms_free_disk_space_watermark{job="rabbitmq",${pod}}`]: constant(1) },
    quiet: 0,
    fires: 2,
  },
  {
    title: "an instance of the database that is down",
    alert: "MlInferenceDatabaseDown",
    series: { [`cnpg_collector_up{job="postgresql",${pod},cluster="postgresql"}`]: constant(0) },
    quiet: 1,
    fires: 3,
  },
  {
    title: "a standby that is 31 s behind",
    alert: "MlInferenceDatabaseLag",
    series: { [`cnpg_pg_replication_lag{job="postgresql",${pod}}`]: constant(31) },
    quiet: 4,
    fires: 6,
  },
  {
    title: "Redis that does not answer its exporter",
    alert: "MlInferenceRedisDown",
    series: { [`redis_up{job="redis",${pod}}`]: constant(0) },
    quiet: 1,
    fires: 3,
  },
  {
    title: "Redis whose pod does not answer",
    alert: "MlInferenceRedisDown",
    series: { [`up{job="redis",${pod}}`]: constant(0) },
    quiet: 1,
    fires: 3,
  },
  {
    title: "Redis with less than a fifth of its memory left",
    alert: "MlInferenceRedisFull",
    series: { [`redis_memory_used_bytes{job="redis",${pod}}`]: constant(81) },
    quiet: 14,
    fires: 16,
  },
];

it("is quiet for an hour while all is well", async () => {
  const { exitCode, output } = await testRules(file, [
    { name: "healthy", series: healthy, at: "59m", firing: [] },
  ]);
  expect(output).toContain("SUCCESS");
  expect(exitCode).toBe(0);
});

it.for(cases)("tells of $title by $alert, after its time and not before", async (one) => {
  const gone = new Set(one.gone);
  const series = Object.fromEntries(
    Object.entries({ ...healthy, ...one.series }).filter(([name]) => !gone.has(name)),
  );
  const test = (minutes: number, firing: readonly string[]): FiringTest => ({
    name: `${one.title} at ${minutes} minutes`,
    series,
    at: `${minutes}m`,
    firing,
  });
  const { exitCode, output } = await testRules(file, [
    test(one.quiet, []),
    test(one.fires, [one.alert]),
  ]);
  expect(output).toContain("SUCCESS");
  expect(exitCode).toBe(0);
});

it("has a case for every alert", () => {
  const alerts = ruleGroups(file).flatMap(({ rules }) => rules.map(({ alert }) => alert));
  expect([...new Set(cases.map(({ alert }) => alert))].sort()).toEqual(alerts.sort());
});
