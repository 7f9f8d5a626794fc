import { waitEstablished } from "../bootstrap/plan.ts";
import { type Kubectl, runBootstrap } from "../bootstrap/run.ts";
import { crdFiles } from "../tools/crds.ts";
import { runOrThrow } from "../tools/process.ts";
import { simulatedObjects } from "./simulated-cluster.ts";
import { coreStages, simulatedStages } from "./simulated-kinds.ts";
import { freePorts, type Workspace } from "./workspace.ts";

/** CRDs that Argo CD's own installation brings. */
const OWN_GROUP = "argoproj.io";

/**
 * Installs what the environment's clusters have before the first sync: nodes, storage classes and
 * the CustomResourceDefinitions whose operators are not synced from here.
 */
export async function installPrerequisites(workspace: Workspace, kubectl: Kubectl): Promise<void> {
  const definitions = (await crdFiles()).filter(({ group }) => group !== OWN_GROUP);
  const files = [...new Set(definitions.map(({ file }) => file))];
  const objects = { apiVersion: "v1", kind: "List", items: simulatedObjects() };
  const list = workspace.write("simulated-objects.json", JSON.stringify(objects));
  const call = (...args: readonly string[]) => runOrThrow(kubectl.file, [...kubectl.args, ...args]);
  // Upstream's files as they are: validating them against the API server's growing OpenAPI document
  // takes longer than installing them.
  const names = [list, ...files].map((file) => `--filename=${file}`);
  await call("apply", "--server-side", "--validate=false", ...names);
  await runBootstrap([waitEstablished(["crd", "--all"])], kubectl, () => {});
}

/**
 * Starts kwok twice: as the kubelet of all simulated nodes, and as the controller of the kinds below
 * `simulated/`. kwok ends where a Stage names a kind that the API server does not serve yet, so the
 * CustomResourceDefinitions have to be there.
 */
export async function startKwok(
  workspace: Workspace,
  kwok: string,
  kubeconfig: string,
): Promise<void> {
  const [kubelet = 0, controller = 0] = await freePorts(2);
  const stages = workspace.write("stages.yaml", coreStages());
  const simulated = workspace.write("simulated.yaml", simulatedStages());
  const common = [`--kubeconfig=${kubeconfig}`];
  await workspace.start("kwok", {
    file: kwok,
    args: [
      ...common,
      `--config=${stages}`,
      "--manage-all-nodes",
      "--node-lease-duration-seconds=40",
      `--server-address=127.0.0.1:${kubelet}`,
    ],
  });
  await workspace.start("kwok-simulated", {
    file: kwok,
    args: [
      ...common,
      `--config=${simulated}`,
      "--manage-nodes-with-label-selector=slipway.dev/simulated-kinds=none",
      `--server-address=127.0.0.1:${controller}`,
    ],
  });
}
