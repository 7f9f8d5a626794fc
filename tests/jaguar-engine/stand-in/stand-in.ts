import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import { subprotocol } from "../../../base/jaguar-engine/images/jaguar-engine/src/world-state.ts";
import { World } from "./world.ts";

export type StandInOptions = {
  /** @default a free one */
  readonly port?: number;
  /** @default 8 */
  readonly entities?: number;
  /** What is sent in place of states. */
  readonly garbage?: readonly (string | Buffer)[];
  /** What upstream's `abort` does, where a test lives in the same process. */
  readonly abort?: () => void;
};

type Client = { readonly socket: WebSocket; readonly queue: Buffer[] };

/**
 * jaguar_server as it was measured. One loop, 20 times a second, only while somebody is connected;
 * per connection a queue without a limit, of which each turn writes one message.
 */
export class StandIn {
  readonly world: World;
  readonly #options: StandInOptions;
  readonly #clients = new Set<Client>();
  readonly #http = createServer((_, response) => void response.writeHead(404).end());
  readonly #sockets = new WebSocketServer({
    server: this.#http,
    perMessageDeflate: false,
    handleProtocols: (offered) => offered.has(subprotocol) && subprotocol,
    verifyClient: ({ req }: { req: { headers: Record<string, unknown> } }) => {
      const offered = req.headers["sec-websocket-protocol"];
      return offered === undefined || String(offered).includes(subprotocol);
    },
  });
  #loop: NodeJS.Timeout | undefined;

  constructor(options: StandInOptions = {}) {
    this.#options = options;
    this.world = new World(options.entities);
    this.#sockets.on("connection", (socket) => this.#connect(socket));
  }

  async listen(): Promise<string> {
    this.#http.listen(this.#options.port ?? 0, "127.0.0.1");
    await once(this.#http, "listening");
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Bytes that wait for clients: what grows without a limit upstream. */
  get backlog(): number {
    return [...this.#clients].reduce(
      (sum, { socket, queue }) =>
        sum + socket.bufferedAmount + queue.reduce((bytes, { length }) => bytes + length, 0),
      0,
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#loop);
    for (const client of this.#sockets.clients) client.terminate();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #connect(socket: WebSocket): void {
    socket.on("error", () => {});
    // Accepted, and never heard of again.
    if (socket.protocol !== subprotocol) return;
    const client: Client = { socket, queue: this.#states() };
    this.#clients.add(client);
    socket.on("message", (message) => this.#handle(client, message.toString()));
    socket.on("close", () => {
      this.#clients.delete(client);
      if (this.#clients.size > 0) return;
      clearInterval(this.#loop);
      this.#loop = undefined;
    });
    this.#write(client);
    this.#loop ??= setInterval(() => this.#turn(), 50);
  }

  #turn(): void {
    if (this.world.status === "running") this.world.simulationTime += 0.05;
    const states = this.#states();
    for (const client of this.#clients) {
      client.queue.push(...states);
      this.#write(client);
    }
  }

  #states(): Buffer[] {
    return this.#options.garbage?.map((text) => Buffer.from(text)) ?? [this.world.serialize()];
  }

  /** One message, and only into an empty socket: libwebsockets says when it is writable. */
  #write({ socket, queue }: Client): void {
    if (socket.bufferedAmount > 0) return;
    const message = queue.shift();
    if (message) socket.send(message, { binary: false });
  }

  #handle(client: Client, text: string): void {
    const type = fieldOf(text, "type");
    if (type === "command") this.#command(fieldOf(text, "command"));
    else if (type === "entity_spawn") {
      // std::stod without a catch
      if (Number.isNaN(Number(fieldOf(text, "longitude") || 0))) this.#options.abort?.();
      const id = this.world.spawn(fieldOf(text, "name") || "Spawned Entity", "air");
      client.queue.push(Buffer.from(`{"type":"entity_spawned","data":{"id":"entity_${id}"}}`));
    } else if (type === "entity_destroy") {
      const id = fieldOf(text, "entityId").replace("entity_", "");
      this.world.destroy(Number(id));
      client.queue.push(Buffer.from(`{"type":"entity_destroyed","data":{"id":"entity_${id}"}}`));
    } else if (type === "hang") {
      // A deadlock: the kernel goes on accepting connections, and no signal handler runs.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }
  }

  #command(command: string): void {
    const next = { start: "running", pause: "paused", stop: "stopped", reset: "idle" } as const;
    const status = next[command as keyof typeof next];
    if (status === undefined) return;
    this.world.status = status;
    for (const client of this.#clients) client.queue.push(this.world.serialize());
  }
}

/** Upstream's parser: the text up to the next quotation mark, or up to what ends a number. */
function fieldOf(text: string, key: string): string {
  const [, quoted, bare] =
    new RegExp(`"${key}"\\s*:\\s*(?:"([^"]*)"|([^",}\\n]*))`).exec(text) ?? [];
  return quoted ?? bare ?? "";
}
