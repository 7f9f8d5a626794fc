import { request } from "node:http";
import { createConnection } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { Observer } from "../../base/jaguar-engine/images/jaguar-engine/src/observer.ts";
import { Relay } from "../../base/jaguar-engine/images/jaguar-engine/src/relay.ts";
import { StandIn, type StandInOptions } from "./stand-in/stand-in.ts";
import { World } from "./stand-in/world.ts";
import { Client, until } from "./support.ts";

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Options = StandInOptions & {
  readonly maxClients?: number;
  readonly stallTimeout?: number;
  readonly idleTimeout?: number;
};

async function start(options: Options = {}) {
  const { maxClients = 10, stallTimeout = 10_000, idleTimeout = 5000, ...rest } = options;
  const server = new StandIn(rest);
  const serverUrl = await server.listen();
  ends.push(() => server.close());
  const seen = { skipped: 0, dropped: [] as string[] };
  const relay = new Relay({
    ...{ host: "127.0.0.1", port: 0, url: serverUrl, maxClients, stallTimeout, idleTimeout },
    onSkip: () => {
      seen.skipped += 1;
    },
    onDrop: (reason) => seen.dropped.push(reason),
  });
  const observer = new Observer(serverUrl, {
    frame() {},
    unreadable() {},
    state: (message) => relay.publish(message),
  });
  ends.push(() => observer.close());
  const url = `ws://127.0.0.1:${await relay.listen()}`;
  ends.push(() => relay.close());
  const client = (to = url) => {
    const opened = new Client(to);
    ends.push(() => opened.socket.terminate());
    return opened;
  };
  /** A client that has said something, so that the server has a connection for it. */
  const speaker = async () => {
    const opened = client();
    await until(() => opened.messages.length > 0);
    opened.send({ type: "hello" });
    await until(() => server.clients === 2);
    return opened;
  };
  return { server, serverUrl, relay, url, seen, client, speaker };
}

describe("Relay passes on", () => {
  it("states to all, byte for byte, as text, over one connection to the server", async () => {
    const { server, client } = await start();
    const [one, other] = [client(), client()];
    const kinds: boolean[] = [];
    one.socket.on("message", (_, isBinary) => kinds.push(isBinary));
    await until(() => one.messages.length > 2 && other.messages.length > 2);
    expect(JSON.parse(String(one.messages[0]))).toMatchObject({
      type: "world_state",
      data: { stats: { totalEntities: 8 }, status: "idle" },
    });
    expect(kinds).not.toContain(true);
    expect(server.clients).toBe(1);
  });

  it("commands, and replies to the one who gave them", async () => {
    const { server, client } = await start();
    const [one, other] = [client(), client()];
    await until(() => one.messages.length > 0 && other.messages.length > 0);
    one.send({ type: "entity_spawn", data: { domain: "air", name: "F-16" } });
    await until(() => one.types.includes("entity_spawned"));
    expect(server.world.size).toBe(9);
    one.send({ type: "entity_destroy", data: { entityId: "entity_9" } });
    await until(() => one.types.includes("entity_destroyed"));
    one.send({ type: "command", data: { command: "start" } });
    await until(() => other.messages.some((message) => message.includes('"status":"running"')));
    expect(new Set(other.types)).toEqual(new Set(["world_state"]));
  });

  it("each state once to who also gives commands", async () => {
    const { client } = await start();
    const one = client();
    await until(() => one.messages.length > 0);
    one.send({ type: "entity_spawn", data: { domain: "air" } });
    await until(() => one.types.includes("entity_spawned"));
    const before = one.messages.length;
    await until(() => one.messages.length > before + 10);
    const times = one.messages.map((message) => /"timestamp":(\d+)/.exec(message.toString())?.[1]);
    const stamps = times.filter((time) => time !== undefined);
    expect(new Set(stamps).size).toBe(stamps.length);
  });

  it("many commands at once, in order, before the server has answered the first", async () => {
    const { server, client } = await start();
    const early = client();
    early.socket.on("open", () => {
      for (let name = 0; name < 250; name += 1) {
        early.send({ type: "entity_spawn", data: { domain: "sea", name: `ship ${name}` } });
      }
    });
    await until(() => server.world.size === 258);
    const names = server.world
      .serialize()
      .toString()
      .matchAll(/"name":"ship (\d+)"/g);
    expect([...names].map(([, name]) => Number(name))).toEqual(
      Array.from({ length: 250 }, (_, name) => name),
    );
  });

  it("the commands of a client that leaves at once", async () => {
    const { server, client } = await start();
    const brief = client();
    brief.socket.on("open", () => {
      for (let sent = 0; sent < 250; sent += 1) brief.send({ type: "entity_spawn", data: {} });
      brief.socket.close();
    });
    await brief.ended;
    await until(() => server.world.size === 258);
    await until(() => server.clients === 1);
  });

  it("replies that are no JSON", async () => {
    const { speaker } = await start({ garbage: ["<html>", "{", new World().serialize()] });
    const one = await speaker();
    await until(() => one.messages.some((message) => message.toString() === "{"));
    expect(one.messages.map(String)).toContain("<html>");
  });
});

describe("Relay and the connection for commands", () => {
  it("ends it with the client's", async () => {
    const { server, speaker } = await start();
    const one = await speaker();
    one.socket.close();
    await until(() => server.clients === 1);
  });

  it("gives it up where nothing is said, and opens it again for the next command", async () => {
    const { server, speaker, seen } = await start({ idleTimeout: 100 });
    const one = await speaker();
    await until(() => server.clients === 1);
    one.send({ type: "entity_spawn", data: { domain: "air" } });
    await until(() => one.types.includes("entity_spawned"));
    expect(one.socket.readyState).toBe(one.socket.OPEN);
    expect(seen.dropped).toEqual([]);
  });

  it("keeps it as long as the server has something to say there, beside the states", async () => {
    const debug = '{"type":"physics_debug","data":{}}';
    const garbage = [debug, new World().serialize()];
    const { server, speaker, seen } = await start({ idleTimeout: 200, garbage });
    const one = await speaker();
    await until(() => one.types.filter((type) => type === "physics_debug").length > 10);
    expect(server.clients).toBe(2);
    expect(seen.skipped).toBe(0);
  });

  it("tells the client when the server ends it", async () => {
    const { server, speaker, seen } = await start();
    const left = await speaker();
    await server.close();
    expect(await left.ended).toBe("1013 the server ended the connection");
    expect(seen.dropped).toEqual(["server"]);
  });
});

describe("Relay and slow clients", () => {
  it("lets a slow reader miss states, where the server alone keeps them all", async () => {
    const { server, serverUrl, client, seen } = await start({ entities: 7000 });
    const slow = client();
    await until(() => slow.messages.length > 0);
    slow.socket.pause();
    await until(() => seen.skipped >= 20);
    // 68 MB of states later, at most what is on its way between the server and the relay
    expect(server.backlog).toBeLessThan(10_000_000);
    const direct = client(serverUrl);
    await until(() => direct.messages.length > 0);
    direct.socket.pause();
    await until(() => server.backlog > 50_000_000);
  });

  it("gives a slow reader a whole and new state when it reads again", async () => {
    const { server, client, seen } = await start({ entities: 7000 });
    const slow = client();
    await until(() => slow.messages.length > 0);
    slow.socket.pause();
    await until(() => seen.skipped >= 5);
    server.world.spawn("the newest", "air");
    const before = slow.messages.length;
    slow.socket.resume();
    await until(() => slow.messages.some((message) => message.includes("the newest")));
    for (const message of slow.messages.slice(before)) JSON.parse(message.toString());
    expect(seen.dropped).toEqual([]);
  });

  it("sends away who takes too long for a message", async () => {
    const { client, relay, seen } = await start({ entities: 7000, stallTimeout: 300 });
    const stuck = client();
    await until(() => stuck.messages.length > 0);
    stuck.socket.pause();
    await until(() => seen.dropped.length > 0);
    expect(seen.dropped).toEqual(["stalled"]);
    await until(() => relay.clients === 0);
  });

  it("keeps who reads, however long, and lets him miss nothing", async () => {
    const { client, seen } = await start({ stallTimeout: 100 });
    const reader = client();
    await until(() => reader.messages.length >= 10);
    expect(seen).toEqual({ dropped: [], skipped: 0 });
  });

  it("sends away who asks and does not read the replies", async () => {
    const reply = `{"type":"error","message":"${"x".repeat(200_000)}"}`;
    const { server, client, seen } = await start({ garbage: Array(20).fill(reply) });
    const deaf = client();
    deaf.socket.on("open", () => deaf.send({ type: "hello" }));
    await until(() => server.clients === 2);
    deaf.socket.pause();
    await until(() => seen.dropped.length > 0);
    expect(seen.dropped).toEqual(["replies"]);
  });

  it("sends away a client that the server is far behind with", async () => {
    const { server, speaker, seen } = await start();
    const chatty = await speaker();
    const { serialize } = server.world;
    server.world.serialize = () => serialize.call(server.world, Date.now() - 16_000);
    expect(await chatty.ended).toContain("1013 the server is 15 s behind with this client");
    expect(seen.dropped).toEqual(["behind"]);
  });

  it("refuses a command that the server would take in pieces", async () => {
    const { server, client } = await start();
    const long = client();
    await until(() => long.messages.length > 0);
    long.send({ type: "entity_spawn", data: { name: "x".repeat(2 ** 16) } });
    expect(await long.ended).toContain("1009");
    expect(server.world.size).toBe(8);
  });
});

describe("Relay refuses", () => {
  const answer = async (url: string, protocol?: string) => {
    const socket = protocol ? new WebSocket(url, protocol) : new WebSocket(url);
    return await new Promise<string>((resolve) => {
      socket.on("open", () => resolve("open"));
      socket.on("error", ({ message }) => resolve(message));
    }).finally(() => socket.terminate());
  };

  it("a client without the subprotocol, which the server would never answer", async () => {
    const { url } = await start();
    expect(await answer(url)).toBe("Unexpected server response: 400");
    expect(await answer(url, "chat")).toBe("Unexpected server response: 400");
    expect(await answer(url, "jaguar-protocol")).toBe("open");
  });

  it("the client after the last that it may have, until one leaves", async () => {
    const { url, relay, client } = await start({ maxClients: 2 });
    const [one] = [client(), client()];
    await until(() => relay.clients === 2);
    expect(await answer(url, "jaguar-protocol")).toBe("Unexpected server response: 503");
    one?.socket.close();
    await until(() => relay.clients === 1);
    expect(await answer(url, "jaguar-protocol")).toBe("open");
  });

  it("new clients while it drains, and keeps the old ones", async () => {
    const { url, relay, client } = await start();
    const old = client();
    await until(() => old.messages.length > 0);
    relay.drain();
    expect(await answer(url, "jaguar-protocol")).toBe("Unexpected server response: 503");
    const before = old.messages.length;
    await until(() => old.messages.length > before + 3);
    await relay.close();
    expect(await old.ended).toBe("1001 the server is going away");
  });

  it("peers that do not end their side, and has room for a good client after them", async () => {
    const { url, client } = await start({ maxClients: 1 });
    // As many as may be connected: one client, and 32 whose handshake is under way
    const answers = Array.from({ length: 33 }, async () => {
      const { hostname, port } = new URL(url);
      const socket = createConnection({ host: hostname, port: Number(port), allowHalfOpen: true });
      ends.push(() => void socket.destroy());
      socket.on("error", () => {});
      socket.write(
        "GET / HTTP/1.1\r\nHost: jaguar\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      );
      let answer = "";
      socket.on("data", (chunk) => {
        answer += chunk;
      });
      await new Promise((resolve) => socket.on("end", resolve));
      return answer.split("\r\n", 1)[0];
    });
    expect(new Set(await Promise.all(answers))).toEqual(new Set(["HTTP/1.1 400 Bad Request"]));
    const good = client();
    await until(() => good.messages.length > 0);
  });

  it("plain HTTP", async () => {
    const { url } = await start();
    const status = await new Promise((resolve) => {
      request(url.replace("ws:", "http:"), (response) => resolve(response.statusCode)).end();
    });
    expect(status).toBe(426);
  });

  it("to wait at its end for a client that does not read", async () => {
    const { relay, client } = await start({ entities: 7000 });
    const deaf = client();
    await until(() => deaf.messages.length > 0);
    deaf.socket.pause();
    const before = performance.now();
    await relay.close();
    expect(performance.now() - before).toBeLessThan(5000);
    expect(relay.clients).toBe(0);
  });
});
