import type { Command } from "commander";
import { SlipwayError } from "../errors.ts";
import type { Manifest } from "../fleet/resource.ts";
import type { Tree } from "../tree/tree.ts";
import { prepare } from "./prepare.ts";
import { findRoot } from "./root.ts";

type Options = {
  readonly sealingKey?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly dryRun?: boolean;
};

/** `slipway bootstrap <env>`: the first installation on a cluster. */
export function register(program: Command): void {
  program
    .command("bootstrap")
    .summary("install Argo CD and the root Application on a cluster, once")
    .description(
      "Installs Argo CD, its projects and the root Application on an empty cluster; from then on Argo CD syncs everything from git, itself included. Prints each kubectl command. A second run repairs what is missing.",
    )
    .argument("<env>", "the environment the cluster is for")
    .option(
      "--sealing-key <file>",
      "the environment's private sealing key, PEM (- reads standard input)",
    )
    .option("--kubeconfig <file>", "the cluster's kubeconfig")
    .option("--context <name>", "a context of the kubeconfig")
    .option("--dry-run", "print the commands and run none")
    .addHelpText(
      "after",
      "\nExample:\n  slipway bootstrap dev --context dev --sealing-key dev.key\n",
    )
    .action(async (environment: string, options: Options) => {
      await bootstrap(environment, options);
    });
}

async function bootstrap(environment: string, options: Options): Promise<void> {
  const { workingDirectory } = await import("../tree/working-directory.ts");
  const { readFleet } = await import("../fleet/fleet.ts");
  const { renderDefinitions, renderEnvironment, renderUpstream } = await import(
    "../bootstrap/input.ts"
  );
  const { planBootstrap } = await import("../bootstrap/plan.ts");
  const { formatStep, runBootstrap } = await import("../bootstrap/run.ts");
  const { findKubectl } = await import("../tools/kubectl.ts");

  const tree = workingDirectory(findRoot());
  const { environments } = readFleet(tree);
  if (!environments.includes(environment)) {
    throw new SlipwayError(
      `Cannot bootstrap "${environment}": the environments are ${environments.join(", ")}`,
    );
  }
  await prepare("helm");
  const { cluster, applications } = await renderEnvironment(tree, environment);
  const upstream = await renderUpstream(applications);
  const steps = planBootstrap({
    argocd: upstream.argocd,
    definitions: [...upstream.definitions, ...(await renderDefinitions(tree, environment))],
    cluster,
    sealingKey: await sealingKey(tree, environment, options.sealingKey),
  });
  const kubectl = {
    file: await findKubectl(),
    args: [
      ...(options.kubeconfig ? [`--kubeconfig=${options.kubeconfig}`] : []),
      ...(options.context ? [`--context=${options.context}`] : []),
    ],
  };
  const print = (step: (typeof steps)[number]) => console.log(formatStep(step, kubectl));
  if (options.dryRun) steps.forEach(print);
  else await runBootstrap(steps, kubectl, print);
}

/** The controller reads its key at start: without it, every app that needs a Secret starts Degraded. */
async function sealingKey(
  tree: Tree,
  environment: string,
  file: string | undefined,
): Promise<Manifest | undefined> {
  if (file === undefined) {
    console.error(
      `No --sealing-key: Secrets appear only where the cluster already holds the key of clusters/${environment}/sealing-certificate.pem`,
    );
    return undefined;
  }
  const { certificateFile } = await import("../secrets/environment.ts");
  const { sealingKeySecret } = await import("../secrets/private-key.ts");
  const { readText } = await import("../tree/tree.ts");
  const { readStandardInput } = await import("../secrets/terminal.ts");
  const { readOptionFile } = await import("../secrets/apply.ts");
  const privateKey =
    file === "-" ? await readStandardInput() : readOptionFile("--sealing-key", file);
  const certificate = readText(tree, certificateFile(environment)) ?? "";
  return await sealingKeySecret({ certificate, privateKey }, { namespace: "sealed-secrets" });
}
