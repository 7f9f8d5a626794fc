import { resolve } from "node:path";
import { SlipwayError } from "../errors.ts";
import { openWorkspace, type Workspace } from "../rehearsal/workspace.ts";
import { type Pipeline, preparePipeline } from "./bento.ts";
import { type MlService, startMlService } from "./ml-service.ts";
import { serverPackages } from "./packages.ts";
import { type Postgres, preparePostgres } from "./postgres.ts";
import { prepareRabbitMq, type RabbitMq } from "./rabbitmq.ts";
import { prepareRedis, type Redis } from "./redis.ts";
import { runSchemaJob } from "./schema.ts";
import { type Server, startServer, stopServer } from "./server.ts";
import { declareTopology } from "./topology.ts";

/** The pipelines of ML Inference with real servers on loopback and a stand-in for the model. */
export type System = {
  readonly rabbitmq: RabbitMq;
  readonly postgres: Postgres;
  readonly redis: Redis;
  readonly ml: MlService;
  readonly gateway: Pipeline;
  readonly workers: readonly Pipeline[];
  readonly collectors: readonly Pipeline[];
  readonly api: Pipeline;
  readonly start: (server: Server) => Promise<void>;
  readonly stop: (server: Server, signal?: NodeJS.Signals) => Promise<void>;
  /** Stops a server for a while, as a host does that no longer answers; returns what lets it go on. */
  readonly freeze: (server: Server) => Promise<() => void>;
  readonly log: (server: Server) => string;
  /** Messages in a queue: the ready and the unacknowledged ones. */
  readonly queueLength: (queue: string) => Promise<number>;
  readonly close: () => Promise<void>;
};

/** What differs from the pipelines' defaults in one run. */
export type Options = {
  readonly workers?: number;
  readonly collectors?: number;
  readonly settings?: Readonly<Record<string, string>>;
};

/** What is the same in every environment: the broker's topology and the settings of Redis. */
const base = "base/ml-inference";
const password = "only-for-this-run";

/** Starts everything that a release needs, and the release's own files. */
export async function openSystem(release: string, options: Options = {}): Promise<System> {
  const packages = await serverPackages();
  const workspace = await openWorkspace();
  try {
    const rabbitmq = await prepareRabbitMq(workspace, packages);
    const postgres = await preparePostgres(workspace, packages);
    const redis = await prepareRedis(workspace, packages, resolve(base, "redis.conf"));
    await Promise.all([rabbitmq, postgres, redis].map((server) => startServer(workspace, server)));
    const { exitCode, stderr } = await runSchemaJob(postgres, release);
    if (exitCode !== 0) throw new SlipwayError(`The Job of the schema fails: ${stderr.trim()}`);
    await declareTopology(rabbitmq, base, () => password);

    const ml = await startMlService();
    const settings = {
      REDIS_URL: redis.url,
      POSTGRES_DSN: postgres.url,
      ML_SERVICE_URL: ml.url,
      DEFAULT_MODEL: "gpt2",
      ANONYMOUS_USER: "default-user",
      ...options.settings,
    };
    const pipeline = (name: string, file: string, user: string) =>
      preparePipeline(name, resolve(release, file), {
        ...settings,
        RABBITMQ_URL: rabbitmq.url(user, password),
      });
    const several = (count: number, name: string, file: string) =>
      Promise.all(
        Array.from({ length: count }, (_, n) => pipeline(`${name}-${n + 1}`, file, name)),
      );
    const gateway = await pipeline("api-gateway", "gateway.yaml", "api-gateway");
    const workers = await several(options.workers ?? 1, "ml-worker", "worker.yaml");
    const collectors = await several(
      options.collectors ?? 1,
      "results-collector",
      "collector.yaml",
    );
    const api = await pipeline("api-service", "api.yaml", "");
    await Promise.all(
      [gateway, ...workers, ...collectors, api].map((server) => startServer(workspace, server)),
    );
    return {
      ...{ rabbitmq, postgres, redis, ml, gateway, workers, collectors, api },
      start: (server) => startServer(workspace, server),
      stop: (server, signal) => stopServer(workspace, server, signal),
      freeze: (server) => freeze(workspace, server, postgres),
      log: ({ name }) => workspace.log(name),
      queueLength: (queue) => queueLength(rabbitmq, queue),
      close: () => close(workspace, ml, postgres),
    };
  } catch (error) {
    await workspace.close();
    throw error;
  }
}

async function queueLength(rabbitmq: RabbitMq, queue: string): Promise<number> {
  const answer = await rabbitmq.manage("GET", `/queues/%2F/${queue}`);
  const { messages } = (await answer.json()) as { readonly messages: number };
  return messages;
}

async function freeze(
  workspace: Workspace,
  server: Server,
  postgres: Postgres,
): Promise<() => void> {
  // Each connection of PostgreSQL is a process of its own, which its first one does not speak for
  const sessions = server.name === postgres.name ? await postgres.sessions() : [];
  const send = (signal: NodeJS.Signals) => {
    workspace.signal(server.name, signal);
    for (const pid of sessions) process.kill(pid, signal);
  };
  send("SIGSTOP");
  return () => send("SIGCONT");
}

async function close(workspace: Workspace, ml: MlService, postgres: Postgres): Promise<void> {
  await ml.down();
  // Killed, it would leave its shared memory behind
  if (!workspace.hasEnded(postgres.name)) await stopServer(workspace, postgres, "SIGINT");
  await workspace.close();
}
