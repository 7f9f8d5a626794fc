import { readFleet } from "../../scripts/fleet/fleet.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { type Cluster, connect } from "../../scripts/rehearsal/cluster.ts";
import { controlPlaneTools, startControlPlane } from "../../scripts/rehearsal/control-plane.ts";
import { openEgress } from "../../scripts/rehearsal/egress.ts";
import { openWorkspace } from "../../scripts/rehearsal/workspace.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { repository } from "./open.ts";

/** An API server with its controllers and nothing else: no nodes, no Argo CD. */
export type ApiServer = {
  readonly cluster: Cluster;
  /** Of an administrator. */
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
};

export async function openApiServer(): Promise<ApiServer> {
  const binaries = Object.fromEntries(
    await Promise.all(controlPlaneTools.map(async (name) => [name, await tool(name, () => {})])),
  );
  const workspace = await openWorkspace();
  try {
    const socket = workspace.path("egress.sock");
    const egress = await openEgress(socket);
    const { kubeconfig } = await startControlPlane(workspace, binaries, socket);
    const cluster = connect(kubeconfig);
    return {
      cluster,
      kubeconfig,
      async close() {
        egress.close();
        await workspace.close();
      },
    };
  } catch (error) {
    await workspace.close();
    throw error;
  }
}

/** The objects of some kinds that a target of the repository renders, in its own order. */
export async function rendered(directory: string, kinds: readonly string[]): Promise<Manifest[]> {
  const targets = readFleet(repository).targets.filter((one) => one.directory === directory);
  const [rendering] = await renderTargets(repository, targets);
  const manifests = (rendering?.resources ?? []).map(({ manifest }) => manifest);
  return kinds.flatMap((kind) => manifests.filter((manifest) => manifest.kind === kind));
}
