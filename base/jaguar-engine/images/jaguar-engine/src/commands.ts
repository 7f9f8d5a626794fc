import type { WebSocket } from "ws";
import { connect } from "./connect.ts";
import { readHead } from "./world-state.ts";

export type CommandOptions = { readonly url: string; readonly idleTimeout?: number };

export type CommandEvents = {
  /** Whatever the server says to this client alone. */
  onReply(message: Buffer, isBinary: boolean): void;
  onEnd(reason: "behind" | "server"): void;
};

type Command = { readonly message: Buffer; readonly isBinary: boolean };

/** Commands that the server has not read. */
const mostWaiting = 2 ** 20;
/**
 * The server sends one message per connection and frame, so each reply delays all that follows. From
 * here on it only holds more and more states for this connection.
 */
const longestBacklog = 15_000;

/** What a client says to the server and hears in reply, over a connection that exists while it does. */
export class Commands {
  readonly #client: WebSocket;
  readonly #options: CommandOptions;
  readonly #events: CommandEvents;
  readonly #pending: Command[] = [];
  #server: WebSocket | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(client: WebSocket, options: CommandOptions, events: CommandEvents) {
    this.#client = client;
    this.#options = options;
    this.#events = events;
    client.on("message", (message: Buffer, isBinary: boolean) => {
      // It may go on talking after it was sent away.
      if (client.readyState !== client.OPEN) return;
      this.#server ??= this.#open();
      this.#idle?.refresh();
      this.#pending.push({ message, isBinary });
      this.#flush(this.#server);
    });
  }

  /** Ends the connection once the server has what was said: a client may give a command and leave. */
  close(): void {
    const server = this.#forget();
    if (server?.readyState === server?.CONNECTING) server?.once("open", () => server.close());
    else server?.close();
  }

  /** Ends the connection, and with it what the server holds for it. */
  terminate(): void {
    this.#forget()?.terminate();
  }

  #forget(): WebSocket | undefined {
    const server = this.#server;
    this.#server = undefined;
    clearTimeout(this.#idle);
    return server;
  }

  #open(): WebSocket {
    const { url, idleTimeout = 5000 } = this.#options;
    const server = connect(url);
    // Every connection is sent every state, so one that has nothing to say is given up.
    this.#idle = setTimeout(() => this.close(), idleTimeout);
    server.on("open", () => this.#flush(server));
    server.on("message", (message: Buffer, isBinary: boolean) => {
      // What was given up may still have something on its way.
      if (server !== this.#server) return;
      const { type, timestamp = Date.now() } = readHead(message) ?? {};
      if (Date.now() - timestamp > longestBacklog) this.#events.onEnd("behind");
      if (type === "world_state") return;
      this.#idle?.refresh();
      this.#events.onReply(message, isBinary);
    });
    // `close` follows every error.
    server.on("error", () => {});
    server.on("close", () => {
      if (server === this.#server) this.#events.onEnd("server");
    });
    return server;
  }

  /** Sends what waits, and stops reading from the client while the server does not read. */
  #flush(server: WebSocket): void {
    const isOpen = server.readyState === server.OPEN;
    for (const { message, isBinary } of isOpen ? this.#pending.splice(0) : []) {
      server.send(message, { binary: isBinary }, () => this.#resume(server));
    }
    if (!isOpen || server.bufferedAmount >= mostWaiting) this.#client.pause();
    else this.#resume(server);
  }

  #resume(server: WebSocket): void {
    if (this.#client.isPaused && server.bufferedAmount < mostWaiting) this.#client.resume();
  }
}
