import { readdirSync } from "node:fs";
import { join } from "node:path";
import { waitEstablished } from "../bootstrap/plan.ts";
import { type Kubectl, runBootstrap } from "../bootstrap/run.ts";
import { crdFiles } from "../tools/crds.ts";
import { runOrThrow } from "../tools/process.ts";
import { storageClasses } from "./simulated-cluster.ts";
import type { Workspace } from "./workspace.ts";

/** What GKE serves before anything is synced; every other CustomResourceDefinition comes from git. */
const groups: readonly string[] = ["autoscaling.k8s.io", "gateway.networking.k8s.io"];

/** Installs what a GKE cluster has before the first sync: storage classes and kinds of its own. */
export async function installPrerequisites(workspace: Workspace, kubectl: Kubectl): Promise<void> {
  const published = (await crdFiles()).filter(({ group }) => groups.includes(group));
  const list = { apiVersion: "v1", kind: "List", items: storageClasses() };
  const files = [
    workspace.write("storage-classes.json", JSON.stringify(list)),
    ...new Set(published.map(({ file }) => file)),
    ...cloudKinds(),
  ];
  // Upstream's files as they are: validating them against the API server's growing OpenAPI document
  // takes longer than installing them.
  const args = ["apply", "--server-side", "--validate=false"];
  const names = files.map((file) => `--filename=${file}`);
  await runOrThrow(kubectl.file, [...kubectl.args, ...args, ...names]);
  await runBootstrap([waitEstablished(["crd", "--all"])], kubectl, () => {});
}

/** Kinds of GKE and Config Connector, which publish no definitions to install. */
function cloudKinds(): string[] {
  const folder = join(import.meta.dirname ?? "", "simulated-crds");
  return readdirSync(folder).map((file) => join(folder, file));
}
