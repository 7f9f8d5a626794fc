import { WebSocket } from "ws";
import { subprotocol } from "../../base/jaguar-engine/images/jaguar-engine/src/world-state.ts";

/** A client of jaguar_server, or of what stands before it, that keeps what it is sent. */
export class Client {
  readonly socket: WebSocket;
  readonly messages: Buffer[] = [];
  /** `code reason`, once the connection has ended. */
  readonly ended: Promise<string>;

  constructor(url: string) {
    this.socket = new WebSocket(url, subprotocol, { perMessageDeflate: false });
    this.socket.on("message", (message: Buffer) => this.messages.push(message));
    this.socket.on("error", () => {});
    this.ended = new Promise((resolve) => {
      this.socket.on("close", (code, reason) => resolve(`${code} ${reason}`.trim()));
    });
  }

  get types(): string[] {
    return this.messages.map(
      (message) => /"type":"([a-z_]+)"/.exec(message.toString())?.[1] ?? "?",
    );
  }

  send(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }
}

/** Waits until a condition holds; the test's time limit is the only clock. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
