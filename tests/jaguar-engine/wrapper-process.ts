import { type ChildProcess, spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { run } from "../../scripts/tools/process.ts";
import { until } from "./support.ts";

const main = "base/jaguar-engine/images/jaguar-engine/src/main.ts";
const standIn = "tests/jaguar-engine/stand-in/main.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The wrapper as a process, around the stand-in as another. */
export class WrapperProcess {
  readonly #child: ChildProcess;
  /** Both processes' standard output and error. */
  output = "";
  readonly exited: Promise<{ readonly code: number | null; readonly milliseconds: number }>;
  #asked = performance.now();

  /** Where the server itself listens. */
  readonly serverPort: number;

  private constructor(file: string, args: readonly string[], env: Environment) {
    this.serverPort = Number(env.JAGUAR_SERVER_PORT);
    this.#child = spawn(file, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk) => {
        this.output += chunk;
      });
    }
    this.exited = new Promise((resolve) => {
      this.#child.on("close", (code) =>
        resolve({ code, milliseconds: performance.now() - this.#asked }),
      );
    });
  }

  /** Starts both; `command` replaces the stand-in. Ports are free ones of this machine. */
  static async start({
    args = [],
    command,
    env = {},
  }: {
    readonly args?: readonly string[];
    readonly command?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
  } = {}): Promise<WrapperProcess> {
    const [file, ...runtime] = await runtimeCommand();
    return new WrapperProcess(
      file,
      [...runtime, main, ...(command ?? [file, ...runtime, standIn, ...args])],
      {
        ...process.env,
        JAGUAR_HOST: "127.0.0.1",
        JAGUAR_SERVER_PORT: String(await freePort()),
        JAGUAR_WS_PORT: "0",
        JAGUAR_METRICS_PORT: "0",
        JAGUAR_GRPC_PORT: "0",
        ...env,
      },
    );
  }

  /** Where it listens, as it says itself. */
  async ports(): Promise<{ readonly http: string; readonly ws: string; readonly grpc: string }> {
    const pattern = /metrics and health (\d+), WebSocket (\d+), gRPC (\d+)/;
    await until(() => pattern.test(this.output));
    const [, http, ws, grpc] = pattern.exec(this.output) ?? [];
    return {
      http: `http://127.0.0.1:${http}`,
      ws: `ws://127.0.0.1:${ws}`,
      grpc: `127.0.0.1:${grpc}`,
    };
  }

  /** From here on `exited` counts the milliseconds. */
  terminate(): void {
    this.#asked = performance.now();
    // Deno's `ChildProcess.kill` reports the signal as the end, whatever the process made of it
    process.kill(this.pid, "SIGTERM");
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** The process of jaguar_server's stand-in. */
  async serverPid(): Promise<number> {
    const { stdout } = await run("ps", ["-o", "pid=", "--ppid", String(this.pid)]);
    return Number(stdout.trim());
  }

  async end(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.terminate();
    await this.exited;
  }
}

/** Node, as in the image, where PATH has one that runs TypeScript; else what runs the tests. */
async function runtimeCommand(): Promise<[string, ...string[]]> {
  const { stdout } = await run("node", ["--version"]);
  const [, major = 0, minor = 0] = (/^v(\d+)\.(\d+)/.exec(stdout) ?? []).map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return ["node"];
  return [process.execPath, "run", "-A"];
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
