import type { WebSocket } from "ws";
import { Commands } from "./commands.ts";
import { readHead } from "./world-state.ts";

const reasons = {
  behind: "the server is 15 s behind with this client: send fewer commands and connect again",
  replies: "this client does not read the replies to its commands",
  server: "the server ended the connection",
  stalled: "this client takes too long for a message",
} as const;

/** Why a client was sent away. */
export type Drop = keyof typeof reasons;

export const drops = Object.keys(reasons) as readonly Drop[];

export type ClientOptions = {
  /** Where jaguar_server listens. */
  readonly url: string;
  /** How long one message may take. */
  readonly stallTimeout: number;
  /** How long a connection for commands is kept that has nothing to say. @default 5000 */
  readonly idleTimeout?: number;
  onSkip(): void;
  onDrop(drop: Drop): void;
};

/** Replies and errors that a client has asked for and not read. */
const mostReplies = 2 ** 20;

/** What a client is sent again and again, each time whole. */
type Snapshot = "physics_debug" | "world_state";

/** One client, with a limit on what waits for it: one snapshot of a kind, and a megabyte of replies. */
export class RelayClient {
  readonly #socket: WebSocket;
  readonly #options: ClientOptions;
  readonly #commands: Commands;
  readonly #waitingSnapshots = new Set<Snapshot>();
  #waitingReplies = 0;
  #waiting = 0;
  #stalled: NodeJS.Timeout | undefined;

  constructor(socket: WebSocket, options: ClientOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#commands = new Commands(socket, options, {
      onReply: (message, isBinary) => this.#reply(message, isBinary),
      onEnd: (reason) => this.#drop(reason),
    });
    // `close` follows every error.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(this.#stalled);
      this.#commands.close();
    });
  }

  /** The next one makes up for a snapshot that is not sent: a client that is slow misses some. */
  publish(snapshot: Snapshot, message: Buffer): void {
    if (this.#waitingSnapshots.has(snapshot)) this.#options.onSkip();
    else {
      this.#waitingSnapshots.add(snapshot);
      this.#send(message, false, () => this.#waitingSnapshots.delete(snapshot));
    }
  }

  #reply(message: Buffer, isBinary: boolean): void {
    if (readHead(message)?.type === "physics_debug") this.publish("physics_debug", message);
    else if (this.#waitingReplies > mostReplies) this.#drop("replies");
    else {
      this.#waitingReplies += message.length;
      this.#send(message, isBinary, () => {
        this.#waitingReplies -= message.length;
      });
    }
  }

  #send(message: Buffer, isBinary: boolean, onSent: () => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#waiting += 1;
    this.#stalled ??= this.#watch();
    this.#socket.send(message, { binary: isBinary }, () => {
      onSent();
      this.#waiting -= 1;
      clearTimeout(this.#stalled);
      this.#stalled = this.#waiting > 0 ? this.#watch() : undefined;
    });
  }

  #watch(): NodeJS.Timeout {
    return setTimeout(() => this.#drop("stalled"), this.#options.stallTimeout);
  }

  #drop(reason: Drop): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#options.onDrop(reason);
    this.#commands.terminate();
    this.#socket.resume();
    this.#socket.close(1013, reasons[reason]);
    // Where nothing is read, a closing handshake is not either.
    if (reason === "stalled" || reason === "replies") this.#socket.terminate();
  }
}
