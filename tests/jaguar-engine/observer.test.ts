import { afterEach, describe, expect, it } from "vitest";
import { Observer } from "../../base/jaguar-engine/images/jaguar-engine/src/observer.ts";
import { probe } from "../../base/jaguar-engine/images/jaguar-engine/src/probe.ts";
import { StandIn, type StandInOptions } from "./stand-in/stand-in.ts";
import { Client, until } from "./support.ts";

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(options?: StandInOptions) {
  const server = new StandIn(options);
  const url = await server.listen();
  ends.push(() => server.close());
  return { server, url };
}

function observe(url: string) {
  const frames: number[] = [];
  const heard = { frames, states: [] as Buffer[], unreadable: 0 };
  const observer = new Observer(url, {
    frame: (milliseconds) => frames.push(milliseconds),
    state: (message) => heard.states.push(message),
    unreadable: () => {
      heard.unreadable += 1;
    },
  });
  ends.push(() => observer.close());
  return { observer, heard };
}

describe("Observer", () => {
  it("knows the newest state and the time between states", async () => {
    const { server, url } = await start();
    const { observer, heard } = observe(url);
    await until(() => heard.frames.length >= 10);
    const mean = heard.frames.reduce((sum, frame) => sum + frame, 0) / heard.frames.length;
    expect(mean).toBeGreaterThan(30);
    expect(observer.age).toBeLessThan(5000);
    expect(JSON.parse(String(heard.states[0]))).toMatchObject({ type: "world_state" });
    server.world.spawn("F-16", "air");
    await until(() => observer.state?.entities === 9);
  });

  it("keeps the world going when nobody else is there", async () => {
    const { server, url } = await start();
    const { observer } = observe(url);
    server.world.status = "running";
    await until(() => (observer.state?.simulationTime ?? 0) > 0.2);
    expect(server.clients).toBe(1);
  });

  it("waits for a server that is not there yet, and comes back when it was gone", async () => {
    const { server, url } = await start();
    await server.close();
    const { observer } = observe(url);
    expect(observer.state).toBeUndefined();
    const later = new StandIn({ port: Number(new URL(url).port), entities: 3 });
    await later.listen();
    ends.push(() => later.close());
    await until(() => observer.state?.entities === 3);
  });

  it("knows nothing of a server that sends garbage, and counts it", async () => {
    const garbage = ["<html>", '{"type":"world_state","timestamp":1,', Buffer.from([0xff, 0])];
    const { url } = await start({ garbage });
    const { observer, heard } = observe(url);
    await until(() => heard.unreadable >= 3);
    expect(observer.state).toBeUndefined();
    expect(heard).toMatchObject({ frames: [], states: [] });
  });

  it("does not count replies and errors as garbage", async () => {
    const { url } = await start({ garbage: ['{"type":"error","message":"no entity"}', "<html>"] });
    const { heard } = observe(url);
    const client = new Client(url);
    ends.push(() => client.socket.terminate());
    // They take turns
    await until(() => client.messages.length >= 10 && heard.unreadable > 0);
    expect(heard.unreadable).toBeLessThanOrEqual(6);
  });

  it("drops a connection that the server is far behind with", async () => {
    const { server, url } = await start();
    const { observer } = observe(url);
    await until(() => observer.state !== undefined);
    const { serialize } = server.world;
    const others: number[] = [];
    server.world.serialize = () => {
      others.push(server.clients);
      return serialize.call(server.world, Date.now() - 6000);
    };
    // A state for a connection that is the only one: it is a new one, and the old one is gone
    await until(() => others.includes(0));
  });
});

describe("probe", () => {
  it("succeeds when the first state comes", async () => {
    const { server, url } = await start({ entities: 7000 });
    await probe(url, 5000);
    await until(() => server.clients === 0);
  });

  it("says that nothing listens", async () => {
    const { server, url } = await start();
    await server.close();
    await expect(probe(url, 5000)).rejects.toThrow("ECONNREFUSED");
  });

  it("says that no state came from a server that accepts and is silent", async () => {
    const { url } = await start({ garbage: [] });
    await expect(probe(url, 100)).rejects.toThrow("no state within 0.1 s of connecting");
  });

  it("does not take garbage for a state", async () => {
    const { url } = await start({ garbage: ["{}"] });
    await expect(probe(url, 200)).rejects.toThrow("no state within 0.2 s of connecting");
  });

  it("says that the server hung up", async () => {
    const { server, url } = await start({ garbage: [] });
    const asked = probe(url, 5000);
    const told = expect(asked).rejects.toThrow("it ended the connection before any state");
    await until(() => server.clients === 1);
    await server.close();
    await told;
  });
});
