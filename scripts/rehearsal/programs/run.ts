import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { SlipwayError } from "../../errors.ts";
import { type ToolName, tools } from "../../tools/tools.ts";
import type { Cluster, LiveObject } from "../cluster.ts";
import type { Egress } from "../egress.ts";
import { freePorts, type Workspace } from "../workspace.ts";
import { containerCommand } from "./container.ts";
import type { Program, ProgramContext } from "./program.ts";

/** The operators of a rehearsal: each starts when its Deployment is there. */
export type Programs = {
  /** Starts, connects and reports whatever has become possible since the last look. */
  readonly look: () => Promise<void>;
};

export type ProgramsOptions = {
  readonly workspace: Workspace;
  readonly cluster: Cluster;
  readonly egress: Egress;
  readonly binaries: Readonly<Record<ToolName, string>>;
  /** The HTTP proxy by which programs reach Services. */
  readonly proxy: string;
  /** Writes a kubeconfig for a ServiceAccount's token; returns its path. */
  readonly kubeconfig: (name: string, namespace: string, token: string) => string;
  readonly onEvent: (subject: string, what: string) => void;
};

/**
 * Runs programs in the place of simulated containers. A program has its ServiceAccount's token and so
 * exactly the permissions that git gives it. Its pods become ready when it answers, not before.
 */
export async function openPrograms(
  programs: readonly Program[],
  options: ProgramsOptions,
): Promise<Programs> {
  const names = programs.flatMap(({ ports }) => ports);
  const free = await freePorts(names.length);
  const ports = new Map(names.map((name, index) => [name, free[index] ?? 0]));
  const states = programs.map((program): State => ({ program, stage: "absent", starts: 0 }));
  return {
    async look() {
      const deployments = await options.cluster.list("apps/v1", "Deployment");
      // In parallel: one that waits for a Secret must not hold up the one that makes it.
      await Promise.all(states.map((state) => advance(state, deployments, ports, options)));
    },
  };
}

type State = {
  readonly program: Program;
  stage: "absent" | "started" | "ready";
  starts: number;
};

/** A kubelet starts a container again for ever; what ends this often is broken. */
const STARTS = 4;

async function advance(
  state: State,
  deployments: readonly LiveObject[],
  ports: ReadonlyMap<string, number>,
  options: ProgramsOptions,
): Promise<void> {
  const { program } = state;
  const deployment = deployments.find(
    ({ metadata }) =>
      metadata.name === program.deployment && metadata.namespace === program.namespace,
  );
  if (deployment === undefined) return;
  if (!(await projectSecrets(program, options))) return;
  // Some end on purpose, to be started again with the certificates that they have just made.
  if (options.workspace.hasEnded(program.deployment) && state.starts < STARTS) {
    state.stage = "absent";
  }
  if (state.stage === "absent" && (await start(state, deployment, ports, options))) {
    state.stage = "started";
    state.starts += 1;
  }
  if (state.stage === "absent") return;
  await connect(program, ports, options);
  if (state.stage === "started" && (await answers(program, ports))) {
    state.stage = "ready";
    options.onEvent(program.deployment, "answers");
  }
  if (state.stage === "ready") await markPods(program, deployment, options.cluster);
}

/** Starts it when its account is there; a token needs one. */
async function start(
  { program, starts }: State,
  deployment: LiveObject,
  ports: ReadonlyMap<string, number>,
  { workspace, cluster, binaries, proxy, kubeconfig, onEvent }: ProgramsOptions,
): Promise<boolean> {
  const { namespace, serviceAccount, deployment: name } = program;
  const account: string = deployment.spec.template.spec.serviceAccountName ?? "default";
  if (account !== serviceAccount) {
    throw new SlipwayError(
      `Deployment ${namespace}/${name} runs as ServiceAccount "${account}" and the rehearsal expects "${serviceAccount}": change one of them (scripts/rehearsal/programs)`,
    );
  }
  const token = await cluster.token(serviceAccount, namespace);
  if (token === undefined) return false;
  const { args, env } = containerCommand(deployment);
  const context: ProgramContext = {
    namespace,
    args,
    proxy,
    env: { ...env, KUBECONFIG: kubeconfig(name, namespace, token) },
    port: (port) => portOf(ports, port),
    folder: (secret) => workspace.path("secrets", name, secret),
  };
  const command = program.command(context);
  await workspace.start(name, {
    file: binaries[program.tool],
    args: command.args,
    env: { ...command.env, KUBECONFIG: context.env.KUBECONFIG ?? "" },
    mayEnd: starts + 1 < STARTS,
  });
  onEvent(name, `starts as a process, ${tools[program.tool].version}`);
  return true;
}

/** Does a kubelet's work: Secrets become files. False while one that it needs is absent. */
async function projectSecrets(
  { secrets = [], namespace, deployment }: Program,
  { workspace, cluster }: ProgramsOptions,
): Promise<boolean> {
  const found = await Promise.all(
    secrets.map(async ({ name, own }) => {
      const secret = await cluster.find("v1", "Secret", name, namespace);
      const data = Object.entries((secret?.data ?? {}) as Record<string, string>);
      for (const [key, value] of data) {
        workspace.write(`secrets/${deployment}/${name}/${key}`, Buffer.from(value, "base64"));
      }
      return own === true || data.length > 0;
    }),
  );
  return found.every(Boolean);
}

/** Leads what the API server dials at its Services to its ports. */
async function connect(
  { services = [], namespace }: Program,
  ports: ReadonlyMap<string, number>,
  { cluster, egress }: ProgramsOptions,
): Promise<void> {
  for (const { name, port, leadsTo } of services) {
    const service = await cluster.find("v1", "Service", name, namespace);
    const address = service?.spec.clusterIP;
    if (address) egress.map(`${address}:${port}`, portOf(ports, leadsTo));
  }
}

/** Marks the program's pods, which the simulated kubelet then makes ready. */
async function markPods(
  { namespace, serviceAccount }: Program,
  deployment: LiveObject,
  cluster: Cluster,
): Promise<void> {
  const labels = Object.entries(deployment.spec.selector.matchLabels as Record<string, string>);
  const pods = (await cluster.list("v1", "Pod", namespace)).filter(
    ({ metadata, spec }) =>
      spec.serviceAccountName === serviceAccount &&
      metadata.annotations?.[PROGRAM_ANSWERS] === undefined &&
      labels.every(([key, value]) => metadata.labels?.[key] === value),
  );
  for (const { metadata } of pods) {
    const annotations = { [PROGRAM_ANSWERS]: "true" };
    const { name } = metadata;
    await cluster.apply({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace, annotations },
    });
  }
}

/** On pods whose program answers: `coreStages` waits for it. */
export const PROGRAM_ANSWERS = "slipway.dev/program-answers";

async function answers({ ready }: Program, ports: ReadonlyMap<string, number>): Promise<boolean> {
  if (ready === undefined) return true;
  const request = ready.scheme === "https" ? requestHttps : requestHttp;
  const options = {
    host: "127.0.0.1",
    port: portOf(ports, ready.port),
    path: ready.path,
    // Its certificate is for the name of its Service; the API server verifies that, this only asks.
    rejectUnauthorized: false,
    timeout: 1000,
  };
  return await new Promise((resolve) => {
    request(options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    })
      .on("error", () => resolve(false))
      .on("timeout", function (this: { destroy: () => void }) {
        this.destroy();
      })
      .end();
  });
}

function portOf(ports: ReadonlyMap<string, number>, name: string): number {
  const port = ports.get(name);
  if (port === undefined) throw new RangeError(`No program listens on a port named "${name}"`);
  return port;
}
