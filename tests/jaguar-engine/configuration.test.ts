import { expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { repository } from "../support/mutate.ts";

/** The contract's 44 keys and the base's values. */
const base = {
  entity_scale_up_threshold: "8000",
  entity_scale_down_threshold: "2000",
  entity_hard_limit: "1000000",
  cpu_scale_up_threshold: "70",
  cpu_scale_down_threshold: "30",
  memory_scale_up_threshold: "75",
  memory_scale_down_threshold: "40",
  scale_up_cooldown_seconds: "30",
  scale_down_cooldown_seconds: "300",
  metrics_evaluation_window_seconds: "60",
  target_tick_rate: "60",
  min_tick_rate: "30",
  max_entities_per_tick: "10000",
  physics_substeps: "4",
  cluster_enabled: "true",
  cluster_discovery_method: "kubernetes",
  cluster_heartbeat_interval_ms: "1000",
  cluster_node_timeout_ms: "5000",
  load_balancing_strategy: "least_loaded",
  entity_migration_enabled: "true",
  entity_migration_batch_size: "100",
  max_concurrent_migrations: "5",
  migration_timeout_seconds: "30",
  state_sync_interval_ms: "100",
  state_compression_enabled: "true",
  delta_encoding_enabled: "true",
  metrics_enabled: "true",
  metrics_collection_interval_ms: "1000",
  detailed_metrics_enabled: "false",
  profiling_enabled: "false",
  log_level: "INFO",
  log_format: "json",
  structured_logging: "true",
  liveness_timeout_seconds: "5",
  readiness_timeout_seconds: "3",
  health_failure_threshold: "3",
  physics_thread_pool_size: "4",
  network_thread_pool_size: "2",
  simd_enabled: "true",
  physics_multithreading: "true",
  grpc_port: "50051",
  metrics_port: "9090",
  peer_discovery_port: "8080",
  tls_enabled: "false",
};

const environments: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dev: {
    ...base,
    entity_scale_up_threshold: "5000",
    entity_scale_down_threshold: "1000",
    cpu_scale_up_threshold: "80",
    cpu_scale_down_threshold: "40",
    scale_up_cooldown_seconds: "60",
    scale_down_cooldown_seconds: "180",
    entity_migration_batch_size: "50",
    max_concurrent_migrations: "2",
    profiling_enabled: "true",
    log_level: "DEBUG",
  },
  staging: { ...base, profiling_enabled: "true" },
  prod: {
    ...base,
    scale_up_cooldown_seconds: "15",
    scale_down_cooldown_seconds: "600",
    max_concurrent_migrations: "10",
    migration_timeout_seconds: "60",
    state_sync_interval_ms: "50",
    physics_thread_pool_size: "8",
    network_thread_pool_size: "4",
  },
};

it.each(Object.entries(environments))("%s has the contract's 44 settings", async (name, data) => {
  const targets = readFleet(repository).targets.filter(
    ({ app, environment }) => app === "jaguar-engine" && environment === name,
  );
  const [rendering] = await renderTargets(repository, targets);
  const found = rendering?.resources.find(
    ({ manifest: { kind, metadata } }) =>
      kind === "ConfigMap" && /^jaguar-engine-config-/.test(metadata.name),
  );
  const configMap = found?.manifest as (Manifest & { readonly data: object }) | undefined;
  expect(configMap?.data).toEqual(data);
  expect(Object.keys(data)).toHaveLength(44);
});
