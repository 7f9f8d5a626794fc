import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Egress, openEgress } from "../../scripts/rehearsal/egress.ts";
import { freePorts } from "../../scripts/rehearsal/workspace.ts";
import { folder } from "../tree/folder.ts";

const refusal = "HTTP/1.1 502 Bad Gateway\r\n\r\n";
const established = "HTTP/1.1 200 OK\r\n\r\n";

let socket: string;
let egress: Egress;
beforeEach(async () => {
  socket = join(folder({}), "egress.sock");
  egress = await openEgress(socket);
});
afterEach(() => egress.close());

/** Asks for an address as the API server does; the request may come in pieces. */
function dial(...pieces: readonly string[]): Socket {
  const connection = createConnection(socket).setEncoding("utf8");
  for (const piece of pieces) connection.write(piece);
  return connection;
}

function connect(address: string): string {
  return `CONNECT ${address} HTTP/1.1\r\nHost: ${address}\r\n\r\n`;
}

/** Everything that arrives until the other side hangs up. */
async function readAll(connection: Socket): Promise<string> {
  let text = "";
  for await (const chunk of connection) text += chunk;
  return text;
}

/** A server on loopback that greets, says what it heard and hangs up. */
async function parrot(): Promise<{ port: number; close: () => void }> {
  const server = createServer((connection) => {
    connection.once("data", (heard: Buffer) => connection.end(`heard ${heard.toString()}`));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

test("openEgress() answers 502 for an address that nothing stands in for, and lists it", async () => {
  expect(await readAll(dial(connect("10.96.0.7:443")))).toBe(refusal);
  expect(await readAll(dial(connect("10.96.0.9:443")))).toBe(refusal);
  expect(await readAll(dial(connect("10.96.0.7:443")))).toBe(refusal);
  expect(egress.refused()).toEqual(["10.96.0.7:443", "10.96.0.9:443"]);
});

test("openEgress() waits for the whole request", async () => {
  expect(await readAll(dial("CONNECT 10.96.", "0.7:443 HTTP/1.1\r\n", "\r\n"))).toBe(refusal);
  expect(egress.refused()).toEqual(["10.96.0.7:443"]);
});

test("openEgress() leads a mapped address to its port on loopback, both ways", async () => {
  const { port, close } = await parrot();
  egress.map("10.96.0.7:443", port);
  const connection = dial(connect("10.96.0.7:443"));
  expect(await once(connection, "data")).toEqual([established]);
  connection.write("hello");
  expect(await readAll(connection)).toBe("heard hello");
  expect(egress.refused()).toEqual([]);
  close();
});

test("openEgress() no longer lists an address that was mapped later", async () => {
  await readAll(dial(connect("10.96.0.7:443")));
  egress.map("10.96.0.7:443", 1);
  expect(egress.refused()).toEqual([]);
});

test("openEgress() hangs up where nothing listens behind a mapped address", async () => {
  const [port = 0] = await freePorts(1);
  egress.map("10.96.0.7:443", port);
  expect(await readAll(dial(connect("10.96.0.7:443")))).toBe("");
});

test("openEgress() refuses a socket that is taken", async () => {
  await expect(openEgress(socket)).rejects.toThrow("EADDRINUSE");
});

test("close() ends what is still open", async () => {
  const { port, close } = await parrot();
  egress.map("10.96.0.7:443", port);
  const connection = dial(connect("10.96.0.7:443"));
  await once(connection, "data");
  egress.close();
  expect(await readAll(connection)).toBe("");
  close();
});
