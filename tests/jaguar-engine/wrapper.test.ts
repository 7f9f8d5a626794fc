import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { credentials, makeClientConstructor } from "@grpc/grpc-js";
import { service } from "grpc-health-check";
import { afterEach, describe, expect, it } from "vitest";
import { run } from "../../scripts/tools/process.ts";
import { Client, until } from "./support.ts";
import { freePort, WrapperProcess } from "./wrapper-process.ts";

const HealthClient = makeClientConstructor(service as never, "Health");
/** Short times where a test waits for them to pass. */
const quick = { JAGUAR_DRAIN_SECONDS: "0.2", JAGUAR_KILL_AFTER_SECONDS: "0.3" };

const started: WrapperProcess[] = [];
afterEach(async () => {
  for (const wrapper of started.splice(0)) await wrapper.end();
});

async function start(options?: Parameters<typeof WrapperProcess.start>[0]) {
  const wrapper = await WrapperProcess.start({ env: quick, ...options });
  started.push(wrapper);
  return wrapper;
}

async function startReady(options?: Parameters<typeof WrapperProcess.start>[0]) {
  const wrapper = await start(options);
  const ports = await wrapper.ports();
  await until(async () => (await status(`${ports.http}/health/ready`)) === 200);
  return { wrapper, ...ports };
}

async function status(url: string): Promise<number> {
  const response = await fetch(url);
  await response.text();
  return response.status;
}

async function isRunning(pid: number): Promise<boolean> {
  return (await run("ps", ["-p", String(pid)])).exitCode === 0;
}

async function servingStatus(address: string): Promise<unknown> {
  const client = new HealthClient(address, credentials.createInsecure());
  return await new Promise((resolve) => {
    client.check?.({ service: "" }, (error: Error | null, reply: { status: string }) =>
      resolve(error ? error.message : reply.status),
    );
  }).finally(() => client.close());
}

describe("the wrapper as a process", () => {
  it("runs jaguar_server with the contract's rates, and serves health, metrics, gRPC and clients", async () => {
    const { wrapper, http, ws, grpc } = await startReady({ args: ["--entities", "8"] });
    expect(wrapper.output).toMatch(/"tick-rate":"20","time-scale":"1"/);
    await until(async () => {
      const metrics = await (await fetch(`${http}/metrics`)).text();
      return metrics.includes("\njaguar_entity_count 8\n");
    });
    expect(await servingStatus(grpc)).toBe("SERVING");
    const client = new Client(ws);
    await until(() => client.messages.length > 0);
    client.socket.terminate();
  });

  it("counts 7,000 entities, at some 20 frames a second", async () => {
    const { http } = await startReady({ args: ["--entities", "7000"] });
    await until(async () => {
      const metrics = await (await fetch(`${http}/metrics`)).text();
      const [, frames = 0] = /frame_time_ms_count (\d+)/.exec(metrics) ?? [];
      return metrics.includes("\njaguar_entity_count 7000\n") && Number(frames) > 20;
    });
  });

  it("is started once a slow server answers, and not before", async () => {
    const wrapper = await start({ args: ["--start-after", "1000"] });
    const { http } = await wrapper.ports();
    expect(await status(`${http}/health/startup`)).toBe(503);
    expect(await status(`${http}/health/ready`)).toBe(503);
    await until(async () => (await status(`${http}/health/startup`)) === 200);
    expect(wrapper.output).toContain("the server answers");
  });
});

describe("SIGTERM", () => {
  it("drains, tells clients, and ends with the server's 0 within 5 s", async () => {
    const { wrapper, http, ws, grpc } = await startReady({ env: {} });
    const server = await wrapper.serverPid();
    const client = new Client(ws);
    await until(() => client.messages.length > 0);
    wrapper.terminate();
    await until(async () => (await status(`${http}/health/ready`)) === 503);
    expect(await status(`${http}/health/live`)).toBe(200);
    expect(await servingStatus(grpc)).toBe("NOT_SERVING");
    const late = new Client(ws);
    await late.ended;
    expect(late.messages).toEqual([]);
    // Who is connected is still served
    const before = client.messages.length;
    await until(() => client.messages.length > before + 5);
    expect(await client.ended).toBe("1001 the server is going away");
    const { code, milliseconds } = await wrapper.exited;
    expect(code).toBe(0);
    expect(milliseconds).toBeGreaterThan(1900);
    expect(milliseconds).toBeLessThan(5000);
    expect(await isRunning(server)).toBe(false);
  });

  it("ends a server that hangs within 5 s, with the code of a kill", async () => {
    const { wrapper, http, ws, grpc } = await startReady({ env: {} });
    const server = await wrapper.serverPid();
    const client = new Client(ws);
    await until(() => client.messages.length > 0);
    client.send({ type: "hang" });
    await until(async () => (await status(`${http}/health/live`)) === 503);
    expect(await status(`${http}/health/ready`)).toBe(503);
    expect(await status(`${http}/health/startup`)).toBe(200);
    await until(async () => (await servingStatus(grpc)) === "NOT_SERVING");
    // Of its entities nothing is known: a number from before would keep the autoscaler calm
    await until(async () => {
      const metrics = await (await fetch(`${http}/metrics`)).text();
      return !/^jaguar_entity_count /m.test(metrics);
    });
    // Nothing here restarts it, and by itself it hears nothing
    expect(await wrapper.serverPid()).toBe(server);
    process.kill(server, "SIGTERM");
    expect(await isRunning(server)).toBe(true);
    wrapper.terminate();
    const { code, milliseconds } = await wrapper.exited;
    expect(code).toBe(137);
    expect(milliseconds).toBeLessThan(5000);
    expect(await isRunning(server)).toBe(false);
  });

  it("ends a server that is stopped", async () => {
    const { wrapper, http } = await startReady();
    const server = await wrapper.serverPid();
    process.kill(server, "SIGSTOP");
    await until(async () => (await status(`${http}/health/live`)) === 503);
    wrapper.terminate();
    expect(await wrapper.exited).toMatchObject({ code: 137 });
  });

  it("ends a server that has not started yet", async () => {
    const wrapper = await start({ args: ["--start-after", "60000"] });
    await until(() => wrapper.output.includes("flags:"));
    wrapper.terminate();
    expect(await wrapper.exited).toMatchObject({ code: 0 });
  });
});

describe("the exit code", () => {
  it.each([
    ["3 of a server that ends with it", ["--exit-after", "100", "--exit-code", "3"], 3],
    // It is there to stay
    ["1 where a server ends without an error", ["--exit-after", "100"], 1],
  ])("is %s", async (_, args, expected) => {
    const wrapper = await start({ args });
    expect(await wrapper.exited).toMatchObject({ code: expected });
    expect(wrapper.output).toContain(
      `jaguar_server ended by itself with ${expected === 1 ? 0 : expected}`,
    );
  });

  it("is 134 where a command makes the server abort", async () => {
    const { wrapper, ws } = await startReady();
    const client = new Client(ws);
    await until(() => client.messages.length > 0);
    client.send({ type: "entity_spawn", data: { position: { longitude: "east" } } });
    expect(await wrapper.exited).toMatchObject({ code: 134 });
  });

  it("is 2 where there is no such server", async () => {
    const wrapper = await start({ command: ["/nonexistent/jaguar_server"] });
    expect(await wrapper.exited).toMatchObject({ code: 2 });
    expect(wrapper.output).toContain('Cannot start "/nonexistent/jaguar_server": ');
  });

  it("is 2 where a setting is wrong, and nothing was started", async () => {
    const wrapper = await start({ env: { JAGUAR_TICK_RATE: "60" } });
    expect(await wrapper.exited).toMatchObject({ code: 2 });
    expect(wrapper.output).toBe(
      'Cannot start: JAGUAR_TICK_RATE is "60" and must be a number from 1 to 20\n',
    );
  });

  it("is 2 where a port is taken, and the server is gone", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const { port } = holder.address() as AddressInfo;
    const serverPort = await freePort();
    const wrapper = await start({
      env: { ...quick, JAGUAR_METRICS_PORT: String(port), JAGUAR_SERVER_PORT: String(serverPort) },
    });
    expect(await wrapper.exited).toMatchObject({ code: 2 });
    expect(wrapper.output).toContain(`Cannot listen on 127.0.0.1:${port}: `);
    await expect(fetch(`http://127.0.0.1:${serverPort}`)).rejects.toThrow();
    holder.close();
  });
});
