import { freePorts, type Workspace } from "../rehearsal/workspace.ts";
import type { Packages } from "../tools/debian.ts";
import { runOrThrow } from "../tools/process.ts";
import type { Server } from "./server.ts";

/** A database on loopback. */
export type Postgres = Server & {
  /** The address as Secrets have it. */
  readonly url: string;
  /** Runs SQL; returns lines of values, with `|` between them. */
  readonly query: (sql: string) => Promise<string>;
  /** Runs a file of SQL as the Job of the schema does. */
  readonly load: (file: string) => Promise<void>;
};

/** Prepares PostgreSQL with an empty database. */
export async function preparePostgres(workspace: Workspace, packages: Packages): Promise<Postgres> {
  const [port = 0] = await freePorts(1);
  const data = workspace.path("postgres");
  const program = (name: string) => packages.find(`usr/lib/postgresql/*/bin/${name}`);
  const env = { LD_LIBRARY_PATH: packages.libraries };
  const asUser = notRoot();
  const [file, ...args] = [...asUser, program("initdb")];
  await runOrThrow(
    file,
    [...args, "--pgdata", data, "--username", "mlservice", "--auth", "trust", "--no-sync"],
    { env: { ...process.env, ...env } },
  );
  const [server, ...rest] = [...asUser, program("postgres")];
  const url = `postgres://mlservice@127.0.0.1:${port}/postgres?sslmode=disable`;
  const psql = async (...args: readonly string[]) => {
    const options = ["--no-psqlrc", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"];
    const output = await runOrThrow(program("psql"), [...options, ...args, url], {
      env: { ...process.env, ...env },
    });
    return output.trim();
  };
  const query: Postgres["query"] = (sql) => psql("--command", sql);
  return {
    name: "postgres",
    command: {
      file: server,
      args: [
        ...rest,
        ...["-D", data, "-p", String(port), "-k", data],
        ...["-c", "listen_addresses=127.0.0.1"],
      ],
      env,
    },
    url,
    query,
    load: async (file) => void (await psql("--single-transaction", "--file", file)),
    isReady: async () => (await query("SELECT 1")) === "1",
  };
}

/** PostgreSQL refuses to run as root. In a user namespace it sees another id, and its files stay root's. */
function notRoot(): [string, ...string[]] | [] {
  return process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=1000"] : [];
}
