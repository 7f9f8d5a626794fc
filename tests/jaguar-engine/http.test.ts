import type { Server } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Health } from "../../base/jaguar-engine/images/jaguar-engine/src/health.ts";
import { createHttp } from "../../base/jaguar-engine/images/jaguar-engine/src/http.ts";
import { close, listen } from "../../base/jaguar-engine/images/jaguar-engine/src/listen.ts";
import { createMetrics } from "../../base/jaguar-engine/images/jaguar-engine/src/metrics.ts";
import type { WorldState } from "../../base/jaguar-engine/images/jaguar-engine/src/world-state.ts";
import { run } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";

const busy: WorldState = {
  timestamp: 0,
  entities: 7000,
  frameRate: 19.5,
  physicsTime: 50,
  simulationTime: 12,
  status: "running",
};

let state: WorldState | undefined;
let problem: string | undefined;
let server: Server;
let url: string;
let metrics: ReturnType<typeof createMetrics>;
let health: Health;

beforeEach(async () => {
  state = busy;
  problem = undefined;
  metrics = createMetrics({ state: () => state, age: () => state && 250, clients: () => 3 });
  health = new Health(
    async () => {
      if (problem) throw new Error(problem);
    },
    () => {},
  );
  server = createHttp(health, metrics.registry);
  url = `http://127.0.0.1:${await listen(server, { host: "127.0.0.1", port: 0 })}`;
});
afterEach(async () => await close(server));

async function get(path: string, method = "GET") {
  const response = await fetch(`${url}${path}`, { method });
  return { status: response.status, text: await response.text() };
}

/** The samples of a metric, as a scrape reads them. */
async function samples(name: string): Promise<string[]> {
  const { text } = await get("/metrics");
  return text.split("\n").filter((line) => line.startsWith(name));
}

describe("/health", () => {
  it.each(["/health/live", "/health/ready", "/health/startup", "/health/ready?verbose"])(
    "%s is 200 when the server answers",
    async (path) => {
      expect(await get(path)).toEqual({ status: 200, text: "the server answers\n" });
    },
  );

  it("is 503 with the reason when the server does not answer", async () => {
    problem = "no state within 2 s of connecting";
    const text = "the server does not answer: no state within 2 s of connecting\n";
    for (const path of ["/health/live", "/health/ready", "/health/startup"]) {
      expect(await get(path)).toEqual({ status: 503, text });
    }
  });

  it("is 503 for readiness alone while the pod drains", async () => {
    health.drain();
    expect(await get("/health/ready")).toEqual({ status: 503, text: "draining\n" });
    expect(await get("/health/live")).toMatchObject({ status: 200 });
  });

  it("is 404 elsewhere and 405 for writes", async () => {
    expect(await get("/")).toMatchObject({ status: 404 });
    expect(await get("/health/__proto__")).toMatchObject({ status: 404 });
    expect(await get("/metrics", "POST")).toMatchObject({ status: 405 });
  });
});

describe("/metrics", () => {
  it("is what Prometheus can read", async () => {
    metrics.frameTime.observe(50);
    metrics.probeTime.observe(0.01);
    const { text } = await get("/metrics");
    const { exitCode, stderr } = await run(await tool("promtool"), ["check", "metrics"], {
      input: text,
    });
    // 3 is for names that promtool would not choose; these two are the system's interface.
    expect(stderr.trim().split("\n")).toEqual([
      'jaguar_entity_count non-histogram and non-summary metrics should not have "_count" suffix',
      "jaguar_simulation_frame_time_ms metric names should not contain abbreviated units",
    ]);
    expect(exitCode).toBe(3);
  });

  it("is refused by the same reader when a line is broken", async () => {
    const { exitCode } = await run(await tool("promtool"), ["check", "metrics"], {
      input: `${(await get("/metrics")).text}jaguar_entity_count{ 8\n`,
    });
    expect(exitCode).toBe(1);
  });

  it("has what the newest state says", async () => {
    expect(await samples("jaguar_entity_count")).toEqual(["jaguar_entity_count 7000"]);
    expect(await samples("jaguar_simulation_tick_rate")).toEqual([
      "jaguar_simulation_tick_rate 19.5",
    ]);
    // Upstream's formula: entities × (1 + milliseconds of physics / 100)
    expect(await samples("jaguar_simulation_load")).toEqual(["jaguar_simulation_load 10500"]);
    expect(await samples("jaguar_simulation_running")).toEqual(["jaguar_simulation_running 1"]);
    expect(await samples("jaguar_state_age_seconds")).toEqual(["jaguar_state_age_seconds 0.25"]);
    expect(await samples("jaguar_clients ")).toEqual(["jaguar_clients 3"]);
  });

  it("says nothing about a world of which nothing is known", async () => {
    await get("/metrics");
    state = undefined;
    const known = /jaguar_(entity|simulation_(tick|load|running|time_)|state)/;
    const { text } = await get("/metrics");
    expect(text.split("\n").filter((line) => known.test(line) && !line.startsWith("#"))).toEqual(
      [],
    );
    state = busy;
    expect(await samples("jaguar_entity_count")).toEqual(["jaguar_entity_count 7000"]);
  });

  it("has frame times in buckets, and each reason to send a client away", async () => {
    for (const milliseconds of [50, 51, 120]) metrics.frameTime.observe(milliseconds);
    const buckets = await samples("jaguar_simulation_frame_time_ms_bucket");
    expect(buckets).toContain('jaguar_simulation_frame_time_ms_bucket{le="50"} 1');
    expect(buckets).toContain('jaguar_simulation_frame_time_ms_bucket{le="100"} 2');
    expect(buckets).toContain('jaguar_simulation_frame_time_ms_bucket{le="+Inf"} 3');
    expect(await samples("jaguar_simulation_frame_time_ms_sum")).toEqual([
      "jaguar_simulation_frame_time_ms_sum 221",
    ]);
    metrics.dropped.inc({ reason: "stalled" });
    expect(await samples("jaguar_clients_dropped_total")).toEqual([
      'jaguar_clients_dropped_total{reason="behind"} 0',
      'jaguar_clients_dropped_total{reason="replies"} 0',
      'jaguar_clients_dropped_total{reason="server"} 0',
      'jaguar_clients_dropped_total{reason="stalled"} 1',
    ]);
  });
});
