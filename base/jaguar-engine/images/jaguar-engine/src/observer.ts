import type { WebSocket } from "ws";
import { connect } from "./connect.ts";
import { readHead, readWorldState, type WorldState } from "./world-state.ts";

/** What is heard of the server over time. */
export type Events = {
  /** Milliseconds between two broadcasts, by the server's clock. */
  frame(milliseconds: number): void;
  /** A state as it came. */
  state(message: Buffer): void;
  unreadable(): void;
};

/** A state that is older than this is no news: twenty come in a second. */
const newsTime = 5_000;
/** The server keeps what a connection has not taken yet in memory without a limit. */
const longestBacklog = 5_000;
const retryTime = 250;

/**
 * One connection that is always open. jaguar_server turns its loop only while somebody is connected,
 * so this is also what keeps the world going when no client is.
 */
export class Observer {
  #socket: WebSocket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: WorldState | undefined;
  #age = 0;
  #arrival = 0;
  #isClosed = false;
  readonly #url: string;
  readonly #events: Events;

  constructor(url: string, events: Events) {
    this.#url = url;
    this.#events = events;
    this.#open();
  }

  /** The newest state, or undefined where the server has been silent since. */
  get state(): WorldState | undefined {
    return performance.now() - this.#arrival < newsTime ? this.#state : undefined;
  }

  /** How old the newest state was when it arrived, in milliseconds. */
  get age(): number | undefined {
    return this.state && this.#age;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.terminate();
  }

  #open(): void {
    const socket = connect(this.#url);
    this.#socket = socket;
    let before: number | undefined;
    socket.on("message", (message: Buffer) => {
      const state = readWorldState(message);
      if (state === undefined) {
        // Whatever else the server says, such as `error`, is for others; a broken state is not.
        if (isBroken(message)) this.#events.unreadable();
        return;
      }
      // A clock that was set back says nothing about frames.
      if (before !== undefined && state.timestamp >= before)
        this.#events.frame(state.timestamp - before);
      before = state.timestamp;
      this.#state = state;
      this.#arrival = performance.now();
      this.#age = Math.max(0, Date.now() - state.timestamp);
      this.#events.state(message);
      if (this.#age > longestBacklog) socket.terminate();
    });
    // `close` follows every error; until the server listens there is one each time.
    socket.on("error", () => {});
    socket.on("close", () => {
      if (!this.#isClosed) this.#timer = setTimeout(() => this.#open(), retryTime);
    });
  }
}

function isBroken(message: Buffer): boolean {
  const { type } = readHead(message) ?? {};
  return type === undefined || type === "world_state";
}
