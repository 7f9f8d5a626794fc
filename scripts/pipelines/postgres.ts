import { SlipwayError } from "../errors.ts";
import { freePorts, type Workspace } from "../rehearsal/workspace.ts";
import type { Packages } from "../tools/debian.ts";
import { type Output, run, runOrThrow } from "../tools/process.ts";
import type { Server } from "./server.ts";

/** A database on loopback. */
export type Postgres = Server & {
  /** The address as Secrets have it. */
  readonly url: string;
  /** Runs SQL; returns lines of values, with `|` between them. */
  readonly query: (sql: string) => Promise<string>;
  /** The processes that serve connections. */
  readonly sessions: () => Promise<number[]>;
  /** Runs psql to its end. */
  readonly psql: (args: readonly string[]) => Promise<Output>;
};

/** Prepares PostgreSQL with an empty database. */
export async function preparePostgres(workspace: Workspace, packages: Packages): Promise<Postgres> {
  const [port = 0] = await freePorts(1);
  const data = workspace.path("postgres");
  const program = (name: string) => packages.find(`usr/lib/postgresql/*/bin/${name}`);
  const env = { LD_LIBRARY_PATH: packages.libraries };
  const asUser = await notRoot();
  const [file, ...args] = [...asUser, program("initdb")];
  await runOrThrow(
    file,
    [...args, "--pgdata", data, "--username", "mlservice", "--auth", "trust", "--no-sync"],
    { env: { ...process.env, ...env } },
  );
  const [server, ...rest] = [...asUser, program("postgres")];
  const url = `postgres://mlservice@127.0.0.1:${port}/postgres?sslmode=disable`;
  const psql: Postgres["psql"] = (words) =>
    run(program("psql"), words, { env: { ...process.env, ...env } });
  const query: Postgres["query"] = async (sql) => {
    const options = ["--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"];
    const { stdout, stderr, exitCode } = await psql([...options, "--command", sql, url]);
    if (exitCode !== 0) throw new Error(`psql ended with ${exitCode}: ${stderr.trim()}`);
    return stdout.trim();
  };
  const sessions: Postgres["sessions"] = async () => {
    const pids = await query(
      "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    return pids
      .split("\n")
      .filter((pid) => pid !== "")
      .map(Number);
  };
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
    sessions,
    psql,
    isReady: async () => (await query("SELECT 1")) === "1",
  };
}

/** PostgreSQL refuses to run as root. In a user namespace it sees another id, and its files stay root's. */
async function notRoot(): Promise<[string, ...string[]] | []> {
  if (process.getuid?.() !== 0) return [];
  const asUser: [string, ...string[]] = ["unshare", "--user", "--map-user=1000"];
  const [file, ...args] = asUser;
  const { exitCode, stderr } = await run(file, [...args, "true"]);
  if (exitCode === 0) return asUser;
  throw new SlipwayError(
    `Cannot start PostgreSQL: it refuses to run as root, and ${stderr.trim()}; run this as another user`,
  );
}
