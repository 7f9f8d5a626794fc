import type { Cluster } from "./cluster.ts";
import { programs } from "./programs/index.ts";
import { PROGRAM_ANSWERS } from "./programs/run.ts";
import { coreStages, type SimulatedKind, simulatedKinds } from "./simulated-kinds.ts";
import { freePorts, type Workspace } from "./workspace.ts";

/** The processes that write what no real kubelet and no real controller writes. */
export type Kwok = {
  /** Starts the controller of every simulated kind that the API server has come to know. */
  readonly look: () => Promise<void>;
};

/** Starts kwok as the kubelet of all simulated nodes. */
export async function startKwok(
  workspace: Workspace,
  kwok: string,
  kubeconfig: string,
  cluster: Cluster,
): Promise<Kwok> {
  const accounts = [...new Set(programs.map(({ serviceAccount }) => serviceAccount))];
  const waiting = new Set(simulatedKinds());
  let started = 0;

  async function start(name: string, stages: string, ...args: readonly string[]): Promise<void> {
    const [port = 0] = await freePorts(1);
    await workspace.start(name, {
      file: kwok,
      args: [
        `--kubeconfig=${kubeconfig}`,
        `--config=${workspace.write(`stages/${name}.yaml`, stages)}`,
        `--server-address=127.0.0.1:${port}`,
        ...args,
      ],
    });
  }

  await start(
    "kwok",
    coreStages(accounts, PROGRAM_ANSWERS),
    "--manage-all-nodes",
    "--node-lease-duration-seconds=40",
  );
  return {
    async look() {
      // kwok ends where a Stage names a kind that is not served, and a CustomResourceDefinition may
      // come with any sync: what has come since the last look gets a process of its own.
      const served = await servedAmong([...waiting], cluster);
      if (served.length === 0) return;
      for (const kind of served) waiting.delete(kind);
      const stages = served.map(({ stage }) => stage).join("---\n");
      await start(
        `kwok-simulated-${started++}`,
        stages,
        "--manage-nodes-with-label-selector=slipway.dev/simulated-kinds=none",
      );
    },
  };
}

async function servedAmong(kinds: readonly SimulatedKind[], cluster: Cluster) {
  const answers = await Promise.all(
    kinds.map(({ apiVersion, kind }) => cluster.serves(apiVersion, kind)),
  );
  return kinds.filter((_, index) => answers[index]);
}
