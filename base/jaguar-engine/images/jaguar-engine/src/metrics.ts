import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { drops } from "./relay-client.ts";
import type { WorldState } from "./world-state.ts";

export type Sources = {
  readonly state: () => WorldState | undefined;
  /** Milliseconds. */
  readonly age: () => number | undefined;
  readonly clients: () => number;
};

/**
 * What jaguar_server's messages and the connections to it tell, and nothing else. Migrations, the lag
 * between peers and the time of the physics have names upstream and no source: they are not here.
 */
export function createMetrics({ state, age, clients }: Sources) {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number | undefined) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        const value = read();
        // Of a server that is silent nothing is known, and no autoscaler may take that for 0.
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  const ofState = (name: string, help: string, read: (known: WorldState) => number) =>
    gauge(name, help, () => {
      const known = state();
      return known && read(known);
    });

  ofState("jaguar_entity_count", "Entities in the world", ({ entities }) => entities);
  ofState("jaguar_simulation_tick_rate", "Broadcasts per second", ({ frameRate }) => frameRate);
  ofState(
    "jaguar_simulation_load",
    "Entities, weighted by the time of the physics as upstream's recording rule does",
    ({ entities, physicsTime }) => entities * (1 + physicsTime / 100),
  );
  ofState("jaguar_simulation_running", "1 while the world moves", ({ status }) =>
    status === "running" ? 1 : 0,
  );
  ofState(
    "jaguar_simulation_time_seconds",
    "Time that has passed in the world",
    ({ simulationTime }) => simulationTime,
  );
  gauge("jaguar_state_age_seconds", "How old the newest state was when it arrived", () => {
    const milliseconds = age();
    return milliseconds === undefined ? undefined : milliseconds / 1000;
  });
  gauge("jaguar_clients", "Connected WebSocket clients", clients);
  gauge("jaguar_wrapper_resident_memory_bytes", "Memory of the wrapper", () =>
    process.memoryUsage.rss(),
  );

  const dropped = new Counter({
    name: "jaguar_clients_dropped_total",
    help: "Clients that were sent away",
    labelNames: ["reason"],
    registers,
  });
  // Each is there from the start, or a rate would not see the first one.
  for (const reason of drops) dropped.inc({ reason }, 0);

  return {
    registry,
    frameTime: new Histogram({
      name: "jaguar_simulation_frame_time_ms",
      help: "Milliseconds between two broadcasts, 50 when all is well",
      buckets: [40, 50, 55, 60, 75, 100, 150, 200, 300, 500, 1000, 2500],
      registers,
    }),
    probeTime: new Histogram({
      name: "jaguar_probe_duration_seconds",
      help: "Time to the first state of a new connection, or to giving up",
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 5],
      registers,
    }),
    probeFailures: new Counter({
      name: "jaguar_probe_failures_total",
      help: "New connections on which no state came",
      registers,
    }),
    unreadable: new Counter({
      name: "jaguar_unreadable_messages_total",
      help: "Messages of the server that are no state and no reply",
      registers,
    }),
    skipped: new Counter({
      name: "jaguar_client_states_skipped_total",
      help: "States that slow clients did not get",
      registers,
    }),
    dropped,
  };
}
