import { describe, expect, it } from "vitest";
import { ruleGroups, type Series, testAlerts } from "../support/rules.ts";

const groups = ruleGroups("base/understudy");
const own = 'namespace="understudy"';
const cluster = "understudy.svc.cluster.local";
/** Samples in half an hour, one every 15 s. */
const half = 120;

/** For three hours. */
const constant = (value: number) => `${value}+0x${6 * half}`;
/** Half an hour of one value, then another. */
const change = (before: number, after: number) => `${before}+0x${half - 1} ${after}+0x${5 * half}`;

const backend = `probe_success{job="understudy-health",instance="http://backend-service.${cluster}:8000/api/v1/health"}`;
const frontend = `probe_success{job="understudy-health",instance="http://frontend-service.${cluster}:3000/api/v1/health"}`;
const services = `probe_success{job="understudy-services-health",instance="http://backend-service.${cluster}:8000/api/v1/lifecycle/services/health"}`;
const evaluation = `probe_success{job="understudy-up",instance="http://evaluation-service.${cluster}:8001/health"}`;
const readiness = `kube_pod_status_ready{${own},pod="backend-5d9c",condition="true"}`;
const restarts = `kube_pod_container_status_restarts_total{${own},pod="backend-5d9c",container="backend"}`;
const queue = `redis_key_size{job="redis",${own},db="db0",key="evaluation_queue"}`;
const slm = `kube_deployment_status_replicas_unavailable{${own},deployment="slm-7b0e-v1"}`;
const evaluationJob = `job_name="slm-eval-7b0e6f0a-20261121120000"`;
const schemaJob = `job_name="schema"`;
const failedPods = (job: string) => `kube_job_status_failed{${own},${job}}`;
const completed = (job: string) => `kube_job_complete{${own},${job},condition="true"}`;
const gaveUp = (job: string) => `kube_job_failed{${own},${job},condition="true"}`;
const runs = (phase: string) => `understudy_training_runs_count{job="postgres",phase="${phase}"}`;
const oldest = (phase: string) =>
  `understudy_training_runs_oldest_seconds{job="postgres",phase="${phase}"}`;
const deployments = (type: string) =>
  `kube_resourcequota{${own},resourcequota="understudy-objects",resource="count/deployments.apps",type="${type}"}`;
const memory = (type: string) =>
  `kube_resourcequota{${own},resourcequota="understudy-compute",resource="limits.memory",type="${type}"}`;
const claims = (type: string) =>
  `kube_resourcequota{${own},resourcequota="understudy-compute",resource="persistentvolumeclaims",type="${type}"}`;
const loadBalancers = (type: string) =>
  `kube_resourcequota{${own},resourcequota="understudy-compute",resource="services.loadbalancers",type="${type}"}`;
const postgres = `pg_up{job="postgres",${own}}`;
const connections = (state: string) =>
  `pg_stat_activity_count{job="postgres",${own},datname="understudy",state="${state}"}`;
const redis = `redis_up{job="redis",${own}}`;
const redisMemory = `redis_memory_used_bytes{job="redis",${own}}`;
const redisLog = `redis_aof_last_write_status{job="redis",${own}}`;
const volume = (name: string) =>
  `kubelet_volume_stats_used_bytes{${own},persistentvolumeclaim="${name}"}`;
const capacity = (name: string) =>
  `kubelet_volume_stats_capacity_bytes{${own},persistentvolumeclaim="${name}"}`;

/** An SLM serves, another was trained half a day ago and waits for answers of the LLM, and a third is in training. */
const healthy: Series = {
  [backend]: constant(1),
  [frontend]: constant(1),
  [services]: constant(1),
  [evaluation]: constant(1),
  [readiness]: constant(1),
  // Ended, and never ready again
  [`kube_pod_status_ready{${own},pod="schema-x7k2p",condition="true"}`]: constant(0),
  [restarts]: constant(2),
  [queue]: constant(3),
  [slm]: constant(0),
  // The first pod of each failed, and the second did it
  [failedPods(schemaJob)]: constant(1),
  [completed(schemaJob)]: constant(1),
  [failedPods(evaluationJob)]: constant(1),
  [completed(evaluationJob)]: constant(1),
  [runs("training")]: constant(1),
  [oldest("training")]: constant(3600),
  [runs("available")]: constant(1),
  [oldest("available")]: constant(12 * 3600),
  [runs("llm_evaluation")]: constant(0),
  [oldest("llm_evaluation")]: constant(0),
  [runs("deploying")]: constant(0),
  [runs("deployed")]: constant(1),
  [oldest("deployed")]: constant(30 * 24 * 3600),
  [runs("failed")]: constant(4),
  [deployments("used")]: constant(8),
  [deployments("hard")]: constant(11),
  [memory("used")]: constant(60e9),
  [memory("hard")]: constant(100e9),
  // As many as git has, which is all that there may be
  [claims("used")]: constant(3),
  [claims("hard")]: constant(3),
  // Forbidden altogether: no share can be made of it
  [loadBalancers("used")]: constant(0),
  [loadBalancers("hard")]: constant(0),
  [postgres]: constant(1),
  [connections("active")]: constant(5),
  [connections("idle")]: constant(40),
  [`pg_settings_max_connections{job="postgres",${own}}`]: constant(100),
  [redis]: constant(1),
  [redisMemory]: constant(100e6),
  [`redis_memory_max_bytes{job="redis",${own}}`]: constant(400e6),
  [redisLog]: constant(1),
  [volume("model-weights-pvc")]: constant(10e9),
  [capacity("model-weights-pvc")]: constant(20e9),
  [volume("postgres-storage-postgres-0")]: constant(1e9),
  [capacity("postgres-storage-postgres-0")]: constant(10e9),
};

type Case = {
  readonly alert: string;
  /** What changes after half an hour. */
  readonly series: Series;
  /** Minutes after the change: the last look at which nothing fires, and the first at which it does. */
  readonly quiet: number;
  readonly fires: number;
};

const cases: readonly Case[] = [
  {
    alert: "UnderstudyBackendUnhealthy",
    series: { [backend]: change(1, 0), [frontend]: change(1, 0) },
    quiet: 4,
    fires: 6,
  },
  {
    alert: "UnderstudyUnreachableThroughFrontend",
    series: { [frontend]: change(1, 0) },
    quiet: 4,
    fires: 6,
  },
  {
    alert: "UnderstudyServicesDegraded",
    series: { [services]: change(1, 0) },
    quiet: 14,
    fires: 16,
  },
  { alert: "UnderstudyServiceDown", series: { [evaluation]: change(1, 0) }, quiet: 14, fires: 16 },
  { alert: "UnderstudyPodNotReady", series: { [readiness]: change(1, 0) }, quiet: 14, fires: 16 },
  { alert: "UnderstudyRestarting", series: { [restarts]: change(2, 7) }, quiet: -1, fires: 1 },
  {
    alert: "UnderstudyEvaluationQueueLong",
    series: { [queue]: change(99, 100) },
    quiet: 9,
    fires: 11,
  },
  { alert: "UnderstudySlmUnavailable", series: { [slm]: change(0, 1) }, quiet: 29, fires: 31 },
  {
    alert: "UnderstudyEvaluationFailed",
    series: { [gaveUp(evaluationJob)]: change(0, 1) },
    quiet: -1,
    fires: 1,
  },
  {
    alert: "UnderstudySchemaFailed",
    series: { [gaveUp(schemaJob)]: change(0, 1) },
    quiet: 4,
    fires: 6,
  },
  {
    alert: "UnderstudyTrainingStuck",
    series: { [oldest("training")]: change(21600, 21601) },
    quiet: 9,
    fires: 11,
  },
  {
    // An old run that has only just begun to be evaluated is not stuck
    alert: "UnderstudyModelStuck",
    series: {
      [runs("llm_evaluation")]: change(0, 1),
      [oldest("llm_evaluation")]: change(0, 12 * 3600),
    },
    quiet: 119,
    fires: 121,
  },
  {
    alert: "UnderstudyModelStuck",
    series: { [runs("deploying")]: change(0, 1) },
    quiet: 119,
    fires: 121,
  },
  {
    alert: "UnderstudyTrainingFailed",
    series: { [runs("failed")]: change(4, 5) },
    quiet: -1,
    fires: 1,
  },
  {
    // The first of all
    alert: "UnderstudyTrainingFailed",
    series: { [runs("failed")]: change(0, 1) },
    quiet: -1,
    fires: 1,
  },
  {
    alert: "UnderstudyEndpointsAtLimit",
    series: { [deployments("used")]: change(10, 11) },
    quiet: 4,
    fires: 6,
  },
  {
    alert: "UnderstudyComputeAtLimit",
    series: { [memory("used")]: change(90e9, 91e9) },
    quiet: 14,
    fires: 16,
  },
  { alert: "UnderstudyPostgresDown", series: { [postgres]: change(1, 0) }, quiet: 4, fires: 6 },
  {
    alert: "UnderstudyPostgresConnectionsHigh",
    series: { [connections("idle")]: change(75, 76) },
    quiet: 9,
    fires: 11,
  },
  { alert: "UnderstudyRedisDown", series: { [redis]: change(1, 0) }, quiet: 4, fires: 6 },
  {
    alert: "UnderstudyRedisMemoryHigh",
    series: { [redisMemory]: change(340e6, 341e6) },
    quiet: 9,
    fires: 11,
  },
  { alert: "UnderstudyRedisNotWriting", series: { [redisLog]: change(1, 0) }, quiet: 4, fires: 6 },
  {
    alert: "UnderstudyVolumeFilling",
    series: { [volume("model-weights-pvc")]: change(17e9, 17.1e9) },
    quiet: 9,
    fires: 11,
  },
];

const after = (minutes: number) => `${30 + minutes}m`;

describe("Understudy's alerts", () => {
  it("are silent while everything is well", async () => {
    const times = ["5m", "30m", "80m", "170m"];
    const result = await testAlerts(
      groups,
      times.map((at) => ({ series: healthy, at, firing: [] })),
    );
    expect(result).toEqual({ exitCode: 0, output: expect.stringContaining("SUCCESS") });
  });

  it.each(cases)("$alert fires alone, and not early", async ({ alert, series, quiet, fires }) => {
    const changed = { ...healthy, ...series };
    const result = await testAlerts(groups, [
      { series: changed, at: after(quiet), firing: [] },
      { series: changed, at: after(fires), firing: [alert] },
    ]);
    expect(result).toEqual({ exitCode: 0, output: expect.stringContaining("SUCCESS") });
  });

  it("say that a database and a queue are gone when their exporters are", async () => {
    const { [postgres]: _, [redis]: __, ...rest } = healthy;
    const result = await testAlerts(groups, [
      { series: rest, at: "4m", firing: [] },
      { series: rest, at: "6m", firing: ["UnderstudyPostgresDown", "UnderstudyRedisDown"] },
    ]);
    expect(result).toEqual({ exitCode: 0, output: expect.stringContaining("SUCCESS") });
  });

  it("are each tried", () => {
    const names = groups.flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
    expect([...new Set(cases.map(({ alert }) => alert))].sort()).toEqual(names.sort());
  });
});
