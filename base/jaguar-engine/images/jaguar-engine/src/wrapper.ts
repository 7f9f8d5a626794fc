import { setTimeout as wait } from "node:timers/promises";
import { followLoad, patchPod } from "./deletion-cost.ts";
import { GrpcHealth } from "./grpc.ts";
import { Health } from "./health.ts";
import { createHttp } from "./http.ts";
import { close, listen } from "./listen.ts";
import { createMetrics } from "./metrics.ts";
import { Observer } from "./observer.ts";
import { probe } from "./probe.ts";
import { Relay } from "./relay.ts";
import { Server } from "./server.ts";
import type { Settings } from "./settings.ts";

/** The kubelet asks by itself; this is for those who watch gRPC health. */
const checkTime = 5_000;
const startTime = 250;

/** Runs jaguar_server and everything around it, until it ends or `stop` says so. Resolves to the exit code. */
export async function runWrapper(settings: Settings, stop: AbortSignal): Promise<number> {
  const { command, host, serverPort, tickRate, timeScale } = settings;
  const [program, ...args] = command;
  const rates = ["--tick-rate", `${tickRate}`, "--time-scale", `${timeScale}`];
  const server = new Server(program, [...args, "--port", `${serverPort}`, ...rates]);
  const url = `ws://127.0.0.1:${serverPort}`;

  const observer = new Observer(url, {
    frame: (milliseconds) => metrics.frameTime.observe(milliseconds),
    state: (message) => relay.publish(message),
    unreadable: () => metrics.unreadable.inc(),
  });
  const relay = new Relay({
    host,
    port: settings.clientPort,
    url,
    maxClients: settings.maxClients,
    stallTimeout: settings.stallTimeout,
    onSkip: () => metrics.skipped.inc(),
    onDrop: (reason) => metrics.dropped.inc({ reason }),
  });
  const metrics = createMetrics({
    state: () => observer.state,
    age: () => observer.age,
    clients: () => relay.clients,
  });
  const grpc = new GrpcHealth();
  const health = new Health(
    async () => {
      const end = metrics.probeTime.startTimer();
      try {
        await probe(url, settings.probeTimeout);
      } catch (error) {
        metrics.probeFailures.inc();
        throw error;
      } finally {
        end();
      }
    },
    ({ ok, reason }) => {
      grpc.serving = ok;
      log(reason);
    },
  );
  const http = createHttp(health, metrics.registry);
  const over = new AbortController();
  keepChecking(health, over.signal);
  const { pod } = settings;
  const forget = pod && followLoad(() => observer.state?.entities, patchPod(pod), log);

  try {
    const ports = await Promise.all([
      listen(http, { host, port: settings.metricsPort }),
      relay.listen(),
      grpc.listen(host, settings.grpcPort),
    ]);
    log(
      `listening on ${host}: metrics and health ${ports[0]}, WebSocket ${ports[1]}, gRPC ${ports[2]}`,
    );
    const stopped = new Promise<"stop">((resolve) => {
      if (stop.aborted) resolve("stop");
      stop.addEventListener("abort", () => resolve("stop"));
    });
    const first = await Promise.race([server.exited, stopped]);
    if (first !== "stop") {
      log(`jaguar_server ended by itself with ${first}`);
      // It is there to stay, so an end without an error is one, too.
      return first === 0 ? 1 : first;
    }
    health.drain();
    relay.drain();
    await Promise.race([server.exited, wait(settings.drainTime)]);
    await relay.close();
    const code = await server.stop(settings.killAfter);
    log(`jaguar_server ended with ${code}`);
    return code;
  } finally {
    over.abort();
    forget?.();
    observer.close();
    grpc.close();
    await Promise.all([
      server.stop(settings.killAfter).catch(() => {}),
      relay.close(),
      close(http),
    ]);
  }
}

async function keepChecking(health: Health, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    const { ok } = await health.check();
    await wait(ok ? checkTime : startTime, undefined, { signal: over }).catch(() => {});
  }
}

function log(line: string): void {
  console.error(`wrapper: ${line}`);
}
