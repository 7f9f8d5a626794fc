import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { SlipwayError } from "../errors.ts";
import { startDetached } from "../tools/process.ts";

/** A private folder, the processes that were started in it and the one way to end them all. */
export type Workspace = {
  readonly directory: string;
  /** Absolute path of a file below the folder. */
  readonly path: (...names: readonly string[]) => string;
  /** Writes a file that only its owner reads; returns its path. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  /** Starts a process whose output goes to `logs/<name>.log`. */
  readonly start: (name: string, command: Command) => Promise<void>;
  /** Whether a process has ended by itself. */
  readonly hasEnded: (name: string) => boolean;
  /** Throws a `SlipwayError` with the last words of a process that has ended and may not. */
  readonly assertRunning: () => void;
  readonly log: (name: string) => string;
  /** Ends every process and removes the folder; resolves when both are done. */
  readonly close: () => Promise<void>;
};

type Command = {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Somebody starts it again when it ends. */
  readonly mayEnd?: boolean;
};

/** Makes a workspace. Its processes end with this one, however this one ends. */
export async function openWorkspace(): Promise<Workspace> {
  const directory = mkdtempSync(join(tmpdir(), "slipway-rehearsal-"));
  mkdirSync(join(directory, "logs"));
  const guardian = startDetached("bash", [
    join(import.meta.dirname ?? "", "guardian.sh"),
    directory,
  ]);
  const answers = createInterface({ input: guardian.stdout })[Symbol.asyncIterator]();
  const running = new Map<string, { readonly pid: number; readonly mayEnd: boolean }>();
  const path = (...names: readonly string[]) => join(directory, ...names);

  function log(name: string): string {
    return readFileSync(path("logs", `${name}.log`), "utf8");
  }

  return {
    directory,
    path,
    log,
    write(name, content) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content, { mode: 0o600 });
      return path(name);
    },
    async start(name, { file, args, env = {}, mayEnd = false }) {
      const settings = Object.entries(env).map(([key, value]) => `${key}=${value}`);
      guardian.stdin.write(`${[name, ...settings, file, ...args].map(quote).join(" ")}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`Cannot start "${name}": the guardian has ended`);
      running.set(name, { pid: Number(value), mayEnd });
    },
    hasEnded(name) {
      const pid = running.get(name)?.pid;
      return pid !== undefined && !isAlive(pid);
    },
    assertRunning() {
      for (const [name, { pid, mayEnd }] of running) {
        if (mayEnd || isAlive(pid)) continue;
        throw new SlipwayError(
          `The rehearsal's "${name}" has ended by itself: ${lastWords(log(name))}`,
        );
      }
    },
    async close() {
      guardian.stdin.end();
      await guardian.ended;
    },
  };
}

/**
 * Free ports on loopback, all different. They are below those that the system gives to connections
 * that go out (from 32768 on Linux): one of these could take a port before its program listens.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  try {
    for (let tries = 0; servers.length < count; tries += 1) {
      if (tries > 10 * count + 100) throw new SlipwayError("Cannot find free ports on 127.0.0.1");
      const server = await listen(randomInt(10_000, 32_768));
      if (server !== undefined) servers.push(server);
    }
    return servers.map((server) => (server.address() as { port: number }).port);
  } finally {
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  }
}

/** Undefined where somebody listens already. */
function listen(port: number) {
  return new Promise<Server | undefined>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

/** Quotes a word for the shell: the guardian reads it back with `eval`. */
function quote(word: string): string {
  if (word.includes("\n"))
    throw new RangeError("Cannot pass a line break to a process: write a file");
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function lastWords(log: string): string {
  return log.trim().split("\n").slice(-3).join(" | ") || "it left no log";
}
