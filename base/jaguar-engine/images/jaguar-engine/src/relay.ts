import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { close, listen } from "./listen.ts";
import { type ClientOptions, RelayClient } from "./relay-client.ts";
import { subprotocol } from "./world-state.ts";

export type RelayOptions = ClientOptions & {
  readonly host: string;
  readonly port: number;
  readonly maxClients: number;
};

/** The server hands a longer message to its parser in pieces. */
const longestCommand = 64 * 2 ** 10;
/** How long a client may take for the closing handshake. */
const goodbyeTime = 500;

/**
 * Stands between clients and jaguar_server, which keeps for each connection whatever it has not taken
 * yet, without a limit. Here the server's states are read once, for all, and a client that is slow
 * misses some: each is the whole world, so the next one makes up for it.
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #http = createServer((_, response) => {
    response.writeHead(426, { connection: "close", upgrade: "websocket" }).end();
  });
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestCommand,
    perMessageDeflate: false,
    handleProtocols: () => subprotocol,
  });
  readonly #clients = new Set<RelayClient>();
  #isDraining = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    // Beside the clients only those whose handshake is under way
    this.#http.maxConnections = options.maxClients + 32;
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get clients(): number {
    return this.#sockets.clients.size;
  }

  /** Sends a state to all who have taken the one before. */
  publish(state: Buffer): void {
    for (const client of this.#clients) client.publish("world_state", state);
  }

  /** Resolves to the port. */
  async listen(): Promise<number> {
    return await listen(this.#http, this.#options);
  }

  /** Takes no new clients and keeps those it has. */
  drain(): void {
    this.#isDraining = true;
  }

  async close(): Promise<void> {
    const { clients } = this.#sockets;
    const closed = [...clients].map(
      (client) => new Promise((resolve) => client.once("close", resolve)),
    );
    for (const client of clients) {
      client.resume();
      client.close(1001, "the server is going away");
    }
    const timer = setTimeout(() => {
      for (const client of clients) client.terminate();
    }, goodbyeTime);
    await Promise.all(closed);
    clearTimeout(timer);
    await close(this.#http);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const offered = request.headers["sec-websocket-protocol"]
      ?.split(",")
      .map((name) => name.trim());
    if (this.#isDraining) refuse(socket, "503 Service Unavailable", "this server is going away");
    else if (this.clients >= this.#options.maxClients) {
      refuse(socket, "503 Service Unavailable", `there are ${this.clients} clients already`);
    } else if (!offered?.includes(subprotocol)) {
      refuse(socket, "400 Bad Request", `offer the subprotocol "${subprotocol}"`);
    } else {
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#join(client));
    }
  }

  #join(socket: WebSocket): void {
    const client = new RelayClient(socket, this.#options);
    this.#clients.add(client);
    socket.on("close", () => this.#clients.delete(client));
  }
}

function refuse(socket: Duplex, status: string, reason: string): void {
  const body = `${reason}\n`;
  const headers = [
    `HTTP/1.1 ${status}`,
    "Connection: close",
    "Content-Type: text/plain",
    `Content-Length: ${body.length}`,
  ];
  // Half-open otherwise: a peer that never ends would hold one of the connections
  socket.once("finish", () => socket.destroy());
  socket.end(`${headers.join("\r\n")}\r\n\r\n${body}`);
}
