/** What the wrapper is told by its environment; the names are those of the Deployment. */
export type Settings = {
  /** The program and its first arguments; port and rates are added. */
  readonly command: readonly [string, ...string[]];
  readonly host: string;
  /** Where clients connect. */
  readonly clientPort: number;
  /** Where jaguar_server listens; only the wrapper talks to it. */
  readonly serverPort: number;
  readonly metricsPort: number;
  readonly grpcPort: number;
  readonly tickRate: number;
  readonly timeScale: number;
  readonly maxClients: number;
  /** How long the first state may take on a new connection. */
  readonly probeTimeout: number;
  /** How long a message to a client may take. */
  readonly stallTimeout: number;
  /** Between "not ready" and the end of connections, in which endpoints and load balancers follow. */
  readonly drainTime: number;
  /** Between SIGTERM and SIGKILL. */
  readonly killAfter: number;
  /** The own pod, where its deletion cost is to follow its load. */
  readonly pod?: { readonly namespace: string; readonly name: string };
};

/** The wrapper cannot start as it was told to; the message is all there is to say. */
export class StartError extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings and throws one `StartError` about everything that is wrong with them. */
export function readSettings(environment: Environment, args: readonly string[]): Settings {
  const problems: string[] = [];
  const number = (name: string, standard: number, { from = 0, to = Number.MAX_VALUE } = {}) => {
    const text = environment[name];
    if (text === undefined || text === "") return standard;
    const value = Number(text);
    if (value >= from && value <= to) return value;
    problems.push(`${name} is "${text}" and must be a number from ${from} to ${to}`);
    return standard;
  };
  const port = (name: string, standard: number, from = 0) => {
    const value = number(name, standard, { from, to: 65535 });
    if (Number.isInteger(value)) return value;
    problems.push(`${name} is "${value}" and must be a whole number`);
    return standard;
  };
  const seconds = (name: string, standard: number, from: number) =>
    1000 * number(name, standard, { from, to: 3600 });

  const [program, ...rest] = args;
  if (program === undefined)
    problems.push("there is no command: name jaguar_server as the first argument");
  const settings = {
    command: [program ?? "", ...rest] as const,
    host: environment.JAGUAR_HOST || "0.0.0.0",
    clientPort: port("JAGUAR_WS_PORT", 8081),
    serverPort: port("JAGUAR_SERVER_PORT", 18081, 1),
    metricsPort: port("JAGUAR_METRICS_PORT", 9090),
    grpcPort: port("JAGUAR_GRPC_PORT", 50051),
    // Above 20 Hz the loop of jaguar_server does not keep itself going
    tickRate: number("JAGUAR_TICK_RATE", 20, { from: 1, to: 20 }),
    timeScale: number("JAGUAR_TIME_SCALE", 1, { from: 0, to: 1000 }),
    maxClients: number("JAGUAR_MAX_CLIENTS", 100, { from: 1, to: 10_000 }),
    probeTimeout: seconds("JAGUAR_PROBE_TIMEOUT_SECONDS", 2, 0.01),
    stallTimeout: seconds("JAGUAR_STALL_TIMEOUT_SECONDS", 60, 0.1),
    drainTime: seconds("JAGUAR_DRAIN_SECONDS", 2, 0),
    killAfter: seconds("JAGUAR_KILL_AFTER_SECONDS", 2, 0.1),
  };
  const pod = readPod(environment, problems);
  if (problems.length > 0) throw new StartError(`Cannot start: ${problems.join("; ")}`);
  return pod ? { ...settings, pod } : settings;
}

function readPod(environment: Environment, problems: string[]): Settings["pod"] {
  const {
    JAGUAR_DELETION_COST: wanted,
    JAGUAR_NAMESPACE: namespace,
    JAGUAR_NODE_ID: name,
  } = environment;
  if (!wanted || wanted === "false") return undefined;
  if (wanted === "true" && namespace && name) return { namespace, name };
  problems.push(
    `JAGUAR_DELETION_COST is "${wanted}" and must be "true" or "false", with the pod in JAGUAR_NAMESPACE and JAGUAR_NODE_ID`,
  );
  return undefined;
}
