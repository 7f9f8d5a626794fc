import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { StartError } from "./settings.ts";

/** jaguar_server, from its start to its end. Nothing here starts it again: that is the kubelet's. */
export class Server {
  readonly #child: ChildProcess;
  #hasEnded = false;
  /** The exit code, with 128 and the signal's number where a signal ended it; rejects where it cannot start. */
  readonly exited: Promise<number>;

  constructor(program: string, args: readonly string[]) {
    this.#child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"] });
    this.exited = new Promise((resolve, reject) => {
      this.#child.on("exit", (code, signal) => {
        this.#hasEnded = true;
        resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
      });
      this.#child.on("error", ({ message }) => {
        this.#hasEnded = true;
        reject(new StartError(`Cannot start "${program}": ${message}`));
      });
    });
    // Whoever waits for it gets the error; nobody may be waiting yet.
    this.exited.catch(() => {});
    // A bug here must not leave it behind; in a container it would end with the first process anyway.
    process.once("exit", () => this.#kill("SIGKILL"));
  }

  /** Asks it to end, and ends it where it does not listen: a loop that hangs never sees SIGTERM. */
  async stop(killAfter: number): Promise<number> {
    this.#kill("SIGTERM");
    const timer = setTimeout(() => this.#kill("SIGKILL"), killAfter);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  /** By pid: under Deno, where tests run, the child's own method decides how the child will have ended. */
  #kill(signal: NodeJS.Signals): void {
    if (!this.#hasEnded && this.#child.pid) process.kill(this.#child.pid, signal);
  }
}
