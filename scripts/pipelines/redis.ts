import { mkdirSync } from "node:fs";
import { freePorts, type Workspace } from "../rehearsal/workspace.ts";
import type { Packages } from "../tools/debian.ts";
import { runOrThrow } from "../tools/process.ts";
import type { Server } from "./server.ts";

/** A Redis on loopback. */
export type Redis = Server & {
  /** The address as Secrets have it. */
  readonly url: string;
  /** Runs one command; returns what redis-cli prints. */
  readonly call: (...words: readonly string[]) => Promise<string>;
};

/** Prepares Redis with the settings that its pod has, and a password. */
export async function prepareRedis(
  workspace: Workspace,
  packages: Packages,
  settings: string,
): Promise<Redis> {
  const [port = 0] = await freePorts(1);
  const folder = workspace.path("redis");
  mkdirSync(folder);
  const password = "only-for-this-run";
  const env = { LD_LIBRARY_PATH: packages.libraries };
  const call = async (...words: readonly string[]) => {
    const output = await runOrThrow(
      packages.find("usr/bin/redis-cli"),
      ["-h", "127.0.0.1", "-p", String(port), "--no-auth-warning", "-a", password, ...words],
      { env: { ...process.env, ...env } },
    );
    return output.trim();
  };
  return {
    name: "redis",
    command: {
      file: packages.find("usr/bin/redis-server"),
      args: [
        settings,
        ...["--bind", "127.0.0.1", "--port", String(port), "--requirepass", password],
        ...["--dir", folder],
      ],
      env,
    },
    url: `redis://:${password}@127.0.0.1:${port}/0`,
    call,
    isReady: async () => (await call("PING")) === "PONG",
  };
}
