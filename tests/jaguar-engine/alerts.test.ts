import { describe, expect, it } from "vitest";
import { firing, type RuleTest, ruleGroups, type Series, testRules } from "./rules.ts";

/** The contract's numbers: base, staging and prod are alike. */
const standard = { up: 8000, down: 2000, cpu: 70, memory: 75, min: 1, max: 100 };
const environments = {
  dev: { ...standard, up: 5000, down: 1000, cpu: 80, max: 5 },
  staging: { ...standard, min: 2, max: 20 },
  prod: { ...standard, min: 3 },
};
type Environment = typeof standard;

const pod = 'namespace="jaguar",pod="jaguar-engine-a"';
const own = `job="jaguar-engine",${pod}`;
const container = `container="jaguar-engine",${pod}`;
const autoscaler = 'namespace="jaguar",horizontalpodautoscaler="jaguar-engine-hpa"';
/** For an hour, a sample every 15 s. */
const constant = (value: number) => `${value}+0x240`;
/** A counter with so much growth a second. */
const rate = (perSecond: number) => `0+${perSecond * 15}x240`;

/** Everything as it should be, and one pod more than the minimum. */
function healthy({ up, min, max }: Environment): Series {
  return {
    [`up{${own}}`]: constant(1),
    [`jaguar_entity_count{${own}}`]: constant(up / 2),
    [`jaguar_simulation_tick_rate{${own}}`]: constant(19.6),
    [`jaguar_state_age_seconds{${own}}`]: constant(0.02),
    ...frames({ 50: 4, 55: 19.6, 75: 19.6, 100: 19.6, 150: 19.6, 200: 19.6, "+Inf": 19.6 }),
    [`container_cpu_usage_seconds_total{${container}}`]: rate(0.4),
    [`kube_pod_container_resource_requests{${container},resource="cpu"}`]: constant(1),
    [`container_memory_working_set_bytes{${container}}`]: constant(2e9),
    [`kube_pod_container_resource_limits{${container},resource="memory"}`]: constant(8e9),
    [`kube_pod_status_ready{${pod},condition="true"}`]: constant(1),
    [`kube_pod_container_status_restarts_total{${container}}`]: constant(2),
    'kube_deployment_status_replicas_available{namespace="jaguar",deployment="jaguar-engine"}':
      constant(min + 1),
    [`kube_horizontalpodautoscaler_status_current_replicas{${autoscaler}}`]: constant(min + 1),
    [`kube_horizontalpodautoscaler_spec_min_replicas{${autoscaler}}`]: constant(min),
    [`kube_horizontalpodautoscaler_spec_max_replicas{${autoscaler}}`]: constant(max),
    [`kube_horizontalpodautoscaler_status_condition{${autoscaler},condition="ScalingActive",status="false"}`]:
      constant(0),
  };
}

/** Frames a second that took at most so many milliseconds. */
function frames(buckets: Readonly<Record<string, number>>): Series {
  return Object.fromEntries(
    Object.entries(buckets).map(([le, perSecond]) => [
      `jaguar_simulation_frame_time_ms_bucket{${own},le="${le}"}`,
      rate(perSecond),
    ]),
  );
}

type Case = {
  readonly alert: string;
  /** Not yet, at this value; and at that one. */
  readonly series: (environment: Environment) => readonly [Series, Series];
  /** The last look at which it is pending, and the first at which it fires. */
  readonly pending: string;
  readonly fires: string;
  /** Others that the same values set off, and when all of them do. @default `fires` */
  readonly also?: readonly string[];
  readonly alsoAt?: string;
};

const pair = (name: string, below: string, above: string) =>
  [{ [name]: below }, { [name]: above }] as const;
const pods =
  'kube_deployment_status_replicas_available{namespace="jaguar",deployment="jaguar-engine"}';
const replicas = `kube_horizontalpodautoscaler_status_current_replicas{${autoscaler}}`;
const entities = `jaguar_entity_count{${own}}`;
const cpu = `container_cpu_usage_seconds_total{${container}}`;
const memory = `container_memory_working_set_bytes{${container}}`;
const tickRate = `jaguar_simulation_tick_rate{${own}}`;
const age = `jaguar_state_age_seconds{${own}}`;

const cases: readonly Case[] = [
  {
    alert: "JaguarEngineHighEntityCount",
    series: ({ up }) => pair(entities, constant(up * 0.9375), constant(up * 0.9375 + 1)),
    pending: "105s",
    fires: "150s",
  },
  {
    alert: "JaguarEngineEntityCountCritical",
    series: ({ up }) => pair(entities, constant(up), constant(up + 1)),
    pending: "45s",
    fires: "90s",
    also: ["JaguarEngineHighEntityCount"],
    alsoAt: "10m",
  },
  {
    alert: "JaguarEngineLowEntityCount",
    series: ({ down }) => pair(entities, constant(down), constant(down - 1)),
    pending: "585s",
    fires: "660s",
  },
  {
    alert: "JaguarEngineHighCPU",
    series: ({ cpu: percent }) => pair(cpu, rate((percent - 1) / 100), rate((percent + 1) / 100)),
    // A rate over 5 minutes is whole after these
    pending: "405s",
    fires: "450s",
  },
  {
    alert: "JaguarEngineCriticalCPU",
    series: () => pair(cpu, rate(0.89), rate(0.91)),
    pending: "345s",
    fires: "390s",
    also: ["JaguarEngineHighCPU"],
    alsoAt: "10m",
  },
  {
    alert: "JaguarEngineHighMemory",
    series: () => pair(memory, constant(5.9e9), constant(6.1e9)),
    pending: "105s",
    fires: "180s",
  },
  {
    alert: "JaguarEngineCriticalMemory",
    series: () => pair(memory, constant(7.1e9), constant(7.3e9)),
    pending: "45s",
    fires: "120s",
    also: ["JaguarEngineHighMemory"],
    alsoAt: "10m",
  },
  {
    alert: "JaguarEngineLowTickRate",
    series: () => pair(tickRate, constant(15), constant(14.9)),
    pending: "105s",
    fires: "150s",
  },
  {
    alert: "JaguarEngineHighLatency",
    // 94 or 96 of 100 frames within 100 ms
    series: () => [
      frames({ 50: 4, 55: 18, 75: 18, 100: 19.2, 150: 20, 200: 20, "+Inf": 20 }),
      frames({ 50: 4, 55: 18, 75: 18, 100: 18.8, 150: 20, 200: 20, "+Inf": 20 }),
    ],
    pending: "105s",
    fires: "210s",
  },
  {
    alert: "JaguarEnginePhysicsOverload",
    series: () => [
      frames({ 50: 0, 55: 0, 75: 1, 100: 5.2, 150: 10, 200: 10, "+Inf": 10 }),
      frames({ 50: 0, 55: 0, 75: 1, 100: 4.8, 150: 10, 200: 10, "+Inf": 10 }),
    ],
    pending: "45s",
    fires: "150s",
    also: ["JaguarEngineHighLatency"],
    alsoAt: "10m",
  },
  {
    alert: "JaguarEngineStateSyncLag",
    series: () => pair(age, constant(1), constant(1.1)),
    pending: "105s",
    fires: "150s",
  },
  {
    alert: "JaguarEnginePodNotReady",
    series: () => pair(`kube_pod_status_ready{${pod},condition="true"}`, constant(1), constant(0)),
    pending: "285s",
    fires: "330s",
  },
  {
    alert: "JaguarEngineHighRestartRate",
    // Three restarts in 15 minutes, or four
    series: () =>
      pair(
        `kube_pod_container_status_restarts_total{${container}}`,
        "2x20 3x20 4x20 5x180",
        "2x20 3x10 4x10 5x10 6x190",
      ),
    pending: "600s",
    fires: "1155s",
  },
  {
    alert: "JaguarEngineMinimumReplicas",
    series: ({ min }) => pair(pods, constant(min), constant(min - 1)),
    pending: "285s",
    fires: "330s",
  },
  {
    alert: "JaguarEngineMaximumReplicas",
    series: ({ max }) => pair(replicas, constant(max - 1), constant(max)),
    pending: "105s",
    fires: "150s",
  },
  {
    alert: "JaguarEngineMaximumReplicasForLong",
    series: ({ max }) => pair(replicas, constant(max - 1), constant(max)),
    pending: "1785s",
    fires: "1830s",
    also: ["JaguarEngineMaximumReplicas"],
  },
  {
    alert: "JaguarEngineTargetDown",
    series: () => pair(`up{${own}}`, constant(1), constant(0)),
    pending: "105s",
    fires: "150s",
  },
  {
    alert: "JaguarEngineAutoscalerBlind",
    series: () =>
      pair(
        `kube_horizontalpodautoscaler_status_condition{${autoscaler},condition="ScalingActive",status="false"}`,
        constant(0),
        constant(1),
      ),
    pending: "285s",
    fires: "330s",
  },
];

const recorded = ({ up, down, cpu: percent, memory: share }: Environment) => ({
  "jaguar:entity_count:scale_up_threshold": up,
  "jaguar:entity_count:scale_down_threshold": down,
  "jaguar:cpu_utilization:scale_up_threshold": percent,
  "jaguar:memory_utilization:scale_up_threshold": share,
});

describe.each(Object.entries(environments))("in %s", (_, environment) => {
  const check = async (...tests: readonly RuleTest[]) =>
    expect(await testRules(tests, recorded(environment))).toMatchObject({
      output: expect.stringContaining("SUCCESS"),
      exitCode: 0,
    });
  const good = healthy(environment);

  it("nothing fires while all is well, for an hour", async () => {
    await check({ series: good, at: "1h", expect: firing() });
  });

  it.each(cases)("$alert fires from its threshold on, after its time", async (one) => {
    const { alert, series, pending, fires, also = [], alsoAt = fires } = one;
    const [below, above] = series(environment).map((changed) => ({ ...good, ...changed }));
    const never = `count(ALERTS{alertname="${alert}"}) or vector(0)`;
    const isFiring = `count(ALERTS{alertname="${alert}",alertstate="firing"}) or vector(0)`;
    await check(
      { series: below ?? {}, at: fires, expect: [none(never)] },
      { series: above ?? {}, at: pending, expect: [none(isFiring)] },
      { series: above ?? {}, at: fires, expect: [{ expr: isFiring, samples: [once] }] },
      { series: above ?? {}, at: alsoAt, expect: firing(alert, ...also) },
    );
  });
});

const none = (expr: string) => ({ expr, samples: [{ labels: "{}", value: 0 }] });
const once = { labels: "{}", value: 1 };

describe("the alerts", () => {
  const alerts = ruleGroups().flatMap(({ rules }) => rules.filter(({ alert }) => alert));

  it("are all tested, each once", () => {
    expect(cases.map(({ alert }) => alert).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  it("are the contract's, less the one that nothing could set off, and three more", () => {
    expect(alerts).toHaveLength(16 - 1 + 3);
    expect(alerts.map(({ alert }) => alert)).not.toContain("JaguarEngineHighMigrationFailures");
  });

  it("say whose they are", () => {
    for (const { labels } of alerts) {
      expect(labels).toMatchObject({ system: "jaguar-engine", component: "jaguar-engine" });
      expect(labels?.severity).toMatch(/^(critical|info|warning)$/);
    }
  });
});

describe("a test of rules", () => {
  it("fails for an alert that does not fire", async () => {
    const test = {
      series: healthy(standard),
      at: "1h",
      expect: firing("JaguarEngineHighEntityCount"),
    };
    expect(await testRules([test])).toMatchObject({ exitCode: 1 });
  });
});
