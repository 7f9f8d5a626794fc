import { afterAll, beforeAll, expect, test } from "vitest";
import { serverPackages } from "../../scripts/pipelines/packages.ts";
import { type Postgres, preparePostgres } from "../../scripts/pipelines/postgres.ts";
import { runSchemaJob } from "../../scripts/pipelines/schema.ts";
import { startServer, stopServer } from "../../scripts/pipelines/server.ts";
import { openWorkspace, type Workspace } from "../../scripts/rehearsal/workspace.ts";
import { folder } from "../tree/folder.ts";
import { release } from "./client.ts";

let workspace: Workspace;
let postgres: Postgres;
beforeAll(async () => {
  workspace = await openWorkspace();
  postgres = await preparePostgres(workspace, await serverPackages());
  await startServer(workspace, postgres);
});
afterAll(async () => {
  if (!workspace.hasEnded(postgres.name)) await stopServer(workspace, postgres, "SIGINT");
  await workspace.close();
});

/** An empty database of its own. */
async function database(name: string) {
  await postgres.query(`CREATE DATABASE ${name}`);
  const url = postgres.url.replace("/postgres?", `/${name}?`);
  return {
    url,
    async ask(sql: string) {
      const { stdout, stderr } = await postgres.psql(["-XAtc", sql, url]);
      return stdout.trim() || stderr.trim();
    },
  };
}

const tables = "SELECT relname FROM pg_stat_user_tables ORDER BY 1";

test("the Job makes three tables, and may run again with rows in them", async () => {
  const { url, ask } = await database("fresh");
  expect(await runSchemaJob(postgres, release, url)).toMatchObject({ exitCode: 0 });
  expect(await ask(tables)).toBe("quota_usage\nrequests\ntoken_logs");
  await ask(
    "INSERT INTO requests (request_id, user_id, prompt, model) VALUES ('1', 'a', 'p', 'm')",
  );
  expect(await runSchemaJob(postgres, release, url)).toMatchObject({ exitCode: 0 });
  expect(await ask("SELECT status, estimated_tokens FROM requests")).toBe("pending|0");
});

test("a database with upstream's tables gets what is missing and keeps its rows", async () => {
  const { url, ask } = await database("older");
  await ask(`
    CREATE TABLE requests (
      id SERIAL PRIMARY KEY, request_id VARCHAR(36) NOT NULL UNIQUE, user_id VARCHAR(255) NOT NULL,
      prompt TEXT NOT NULL, completion TEXT, status VARCHAR(50) NOT NULL DEFAULT 'pending',
      estimated_tokens INTEGER NOT NULL DEFAULT 0, actual_tokens INTEGER, prompt_tokens INTEGER,
      completion_tokens INTEGER, model VARCHAR(100) NOT NULL, created_at TIMESTAMPTZ DEFAULT now(),
      updated_at TIMESTAMPTZ DEFAULT now(), error TEXT);
    CREATE TABLE token_logs (
      id SERIAL PRIMARY KEY, user_id VARCHAR(255) NOT NULL,
      request_id VARCHAR(36) NOT NULL REFERENCES requests (request_id), model VARCHAR(100) NOT NULL,
      prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL,
      total_tokens INTEGER NOT NULL, cost NUMERIC(10, 6) NOT NULL,
      created_at TIMESTAMPTZ DEFAULT now());
    INSERT INTO requests (request_id, user_id, prompt, model) VALUES ('1', 'ada', 'p', 'm');`);
  expect(await runSchemaJob(postgres, release, url)).toMatchObject({ exitCode: 0 });
  const log = `
    INSERT INTO token_logs (user_id, request_id, model, prompt_tokens, completion_tokens, total_tokens)
    VALUES ('ada', '1', 'm', 1, 2, 3) ON CONFLICT (request_id) DO NOTHING`;
  expect(await ask(log)).toBe("INSERT 0 1");
  expect(await ask(log)).toBe("INSERT 0 0");
  expect(await ask("SELECT cost FROM token_logs")).toBe("0.000000");
  expect(await ask("SELECT user_id, completed_at IS NULL FROM requests")).toBe("ada|t");
});

test("the Job fails where a statement fails, and leaves nothing half done", async () => {
  const { url, ask } = await database("half");
  const broken = folder({ "schema.sql": "CREATE TABLE half ();\nSELECT nonsense;\n" });
  const { exitCode, stderr } = await runSchemaJob(postgres, broken, url);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('column "nonsense" does not exist');
  expect(await ask(tables)).toBe("");
});

test("the Job fails where the database is away", async () => {
  await stopServer(workspace, postgres, "SIGINT");
  const { exitCode, stderr } = await runSchemaJob(postgres, release);
  expect(exitCode).toBe(2);
  expect(stderr).toContain("Connection refused");
});
