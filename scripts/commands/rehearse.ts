import { readFileSync, watch } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { SlipwayError } from "../errors.ts";
import type { Rehearsal, Verdict } from "../rehearsal/rehearsal.ts";
import type { Tree } from "../tree/tree.ts";
import { findRoot } from "./root.ts";

type Options = { readonly keep?: boolean; readonly from?: string };

/** `slipway rehearse [env]`: real Argo CD on a local control plane. */
export function register(program: Command): void {
  program
    .command("rehearse")
    .summary("sync an environment with real Argo CD on a local control plane")
    .description(
      "Brings up a real API server, scheduler and Argo CD as processes on this machine, with simulated nodes and no containers, and syncs the working tree into it, uncommitted changes included. Ends with a verdict, a timeline and nothing left behind.",
    )
    .argument("[env]", "the environment", "dev")
    .option("--keep", "leave it running, and sync what is pushed to it, until Ctrl-C")
    .option("--from <ref>", "sync this commit first, then upgrade to the working tree")
    .addHelpText("after", "\nExample:\n  slipway rehearse prod --from origin/main\n")
    .action(async (environment: string, options: Options) => {
      const verdict = await rehearse(environment, options);
      process.exitCode = verdict.kind === "healthy" ? 0 : 1;
    });
}

async function rehearse(environment: string, options: Options): Promise<Verdict> {
  const { workingDirectory } = await import("../tree/working-directory.ts");
  const { readFleet } = await import("../fleet/fleet.ts");
  const root = findRoot();
  const tree = workingDirectory(root);
  const { environments } = readFleet(tree);
  if (!environments.includes(environment)) {
    throw new SlipwayError(
      `Cannot rehearse "${environment}": the environments are ${environments.join(", ")}`,
    );
  }
  const before = options.from === undefined ? undefined : await treeOf(root, options.from);
  const { openRehearsal } = await import("../rehearsal/rehearsal.ts");
  const { liveView } = await import("../rehearsal/live-view.ts");

  const view = liveView(process.stdout);
  // The guardian sees this process end, whatever the way, and ends everything else.
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
  const rehearsal = await openRehearsal(environment, view);
  try {
    const verdict = before
      ? await upgrade(rehearsal, tree, before, options.from ?? "", view)
      : await view.verdict(rehearsal.sync(tree, "the working tree"));
    if (options.keep) await keep(rehearsal, view);
    return verdict;
  } finally {
    await rehearsal.close();
  }
}

type View = ReturnType<typeof import("../rehearsal/live-view.ts")["liveView"]>;

/** Syncs the old commit, then the new tree on the same cluster, and says what that did to objects. */
async function upgrade(
  rehearsal: Rehearsal,
  tree: Tree,
  before: Tree,
  ref: string,
  view: View,
): Promise<Verdict> {
  const { compareSnapshots, takeSnapshot } = await import("../rehearsal/upgrade.ts");
  const { renderUpgrade } = await import("../rehearsal/report.ts");
  const first = await view.verdict(rehearsal.sync(before, ref));
  if (first.kind === "failed") return first;
  const snapshot = await takeSnapshot(rehearsal.cluster);
  const second = await view.verdict(rehearsal.sync(tree, `the working tree, from ${ref}`));
  view.print(renderUpgrade(compareSnapshots(snapshot, await takeSnapshot(rehearsal.cluster))));
  return second;
}

/** Syncs each commit that is pushed to the rehearsal; only Ctrl-C ends it. */
async function keep(rehearsal: Rehearsal, view: View): Promise<never> {
  const { inbox, kubeconfig, pushed } = rehearsal;
  view.print(
    `\nIt keeps running until Ctrl-C.\n  export KUBECONFIG=${kubeconfig}\n  git push --force ${inbox} HEAD:main\n`,
  );
  for (;;) {
    const commit = await nextPush(pushed);
    try {
      await view.verdict(rehearsal.sync(await treeOf(inbox, commit), "a push"));
    } catch (error) {
      // A push that cannot even be rendered is told; the next one may mend it.
      if (!(error instanceof SlipwayError)) throw error;
      view.print(error.message);
    }
  }
}

/** The id of the next pushed commit: the inbox's hook writes it to a file. */
async function nextPush(file: string): Promise<string> {
  return await new Promise((resolve) => {
    const watcher = watch(dirname(file), (_, name) => {
      if (name === null || !file.endsWith(name)) return;
      const commit = readFileSync(file, "utf8").trim();
      if (commit === "") return;
      watcher.close();
      resolve(commit);
    });
  });
}

async function treeOf(repository: string, ref: string): Promise<Tree> {
  const { gitTree } = await import("../tree/git-revision.ts");
  return await gitTree(repository, ref);
}
