import { type Command, Option } from "commander";
import { SlipwayError } from "../errors.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Target } from "../fleet/target.ts";
import type { Report } from "../reporters/report.ts";
import type { Tree } from "../tree/tree.ts";
import { type Engine, engine, engineOption } from "./engine.ts";
import { unknownName } from "./names.ts";
import { prepare } from "./prepare.ts";
import { withProgress } from "./progress.ts";
import { findRoot } from "./root.ts";

type Options = {
  readonly env?: string;
  readonly app?: string;
  readonly reporter: "text" | "json" | "github" | "sarif";
  readonly skip?: readonly string[];
  readonly timings?: true;
  readonly since?: string;
  readonly watch?: true;
  readonly engine: Engine;
};

/** Adds `slipway check`. */
export function register(program: Command): void {
  program
    .command("check")
    .summary("say what a cluster would refuse")
    .description(
      "Renders every overlay, Application and cluster directory as Argo CD would, runs every check on the result and prints what is wrong, with the file and line to fix. Needs no cluster.",
    )
    .option("--env <env>", "one environment instead of all")
    .option("--app <app>", "one app instead of all, and the Applications")
    .addOption(
      new Option("--reporter <name>", "how findings are printed")
        .choices(["text", "json", "github", "sarif"])
        .default("text"),
    )
    .option("--skip <check...>", "leave out a check; the report says so")
    .option("--timings", "print how long each step took")
    .option("--since <ref>", "only the targets that the changes since a commit reach")
    .option("--watch", "check again whenever a file changes; only what it reaches is rendered")
    .addOption(
      engineOption("what renders; kustomize builds everything too, and a difference is a finding"),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  slipway check --env prod --app llm-runner-router\n  slipway check --since main",
    )
    .action(check);
}

async function check(options: Options): Promise<void> {
  const root = findRoot();
  const [run, { workingDirectory }, { rememberingTree }] = await Promise.all([
    prepareRun(root, options),
    import("../tree/working-directory.ts"),
    import("../tree/remembering.ts"),
  ]);
  const tree = rememberingTree(workingDirectory(root));
  if (options.watch === undefined) return await run(tree.now());
  const [{ fleetDirectories }, { repeatOnChange }] = await Promise.all([
    import("../fleet/fleet.ts"),
    import("./watch.ts"),
  ]);
  const directories = fleetDirectories.filter((name) => tree.now().list(name).length > 0);
  await repeatOnChange(root, directories, async (changed) => {
    tree.forget(changed);
    if (process.stdout.isTTY) process.stdout.write("\x1b[2J\x1b[H");
    await run(tree.now());
  });
}

/** Loads what every run needs; the result checks a tree and prints the report. */
async function prepareRun(root: string, options: Options): Promise<(tree: Tree) => Promise<void>> {
  const { skip = [] } = options;
  const [{ checks }, { runChecks }, { readFleet }, { incrementally }, render, { renderUpstreams }] =
    await Promise.all([
      import("../checks/index.ts"),
      import("../checks/run.ts"),
      import("../fleet/fleet.ts"),
      import("../render/incremental.ts"),
      engine(options.engine),
      import("../upstream/upstreams.ts"),
    ]);
  requireKnown(
    "check",
    skip,
    checks.map(({ id }) => id),
  );
  // Without them their checks are skipped, and give the reason.
  if (!skip.includes("schema-kubeconform")) await prepare("kubeconform").catch(() => {});
  const hasUpstreams = ["upstream", "upstream-sources"].some((id) => !skip.includes(id));
  if (hasUpstreams) await prepare("helm").catch(() => {});
  const remembering = options.watch ? incrementally(render) : render;
  return async (tree) => {
    const fleet = readFleet(tree);
    const targets = await chooseChanged(tree, root, chooseTargets(fleet, options), options);
    if (targets.length === 0) {
      process.stderr.write(`No change since "${options.since}" reaches a target\n`);
    }
    const steps: string[] = [];
    const report = await withProgress(`Checking ${targets.length} targets`, (tell) =>
      runChecks({
        tree,
        fleet,
        targets,
        render: remembering,
        renderUpstreams: hasUpstreams ? renderUpstreams : undefined,
        checks,
        skip,
        clock: () => performance.now(),
        onStep(name, milliseconds) {
          tell(`Checking ${targets.length} targets: ${name} is done`);
          steps.push(`${milliseconds.toFixed(0).padStart(6)} ms  ${name}\n`);
        },
      }),
    );
    await print(report, options);
    if (options.timings) process.stderr.write(steps.join(""));
    process.exitCode = report.findings.length > 0 ? 1 : 0;
    requireAllRan(report, skip);
  };
}

/** With `--since`, those targets that are made of other bytes than at that commit. */
async function chooseChanged(
  tree: Tree,
  root: string,
  targets: readonly Target[],
  { since }: Options,
): Promise<readonly Target[]> {
  if (since === undefined) return targets;
  const [{ affectedTargets, contentDigests }, { gitTree }] = await Promise.all([
    import("../render/affected.ts"),
    import("../tree/git-revision.ts"),
  ]);
  const before = contentDigests(await gitTree(root, since), targets);
  return affectedTargets(before, contentDigests(tree, targets), targets);
}

/** All targets of an environment; of an app its overlays, beside the directories that concern every app. */
function chooseTargets(fleet: Fleet, { env, app }: Options): Target[] {
  if (fleet.targets.length === 0) {
    throw new SlipwayError(
      `Cannot check an empty fleet: "overlays/" holds no "<environment>/<app>"`,
    );
  }
  requireKnown("environment", env === undefined ? [] : [env], fleet.environments);
  requireKnown("app", app === undefined ? [] : [app], fleet.apps);
  const chosen = fleet.targets.filter(
    (target) =>
      (env === undefined || target.environment === env) &&
      (app === undefined || target.app === app || !target.directory.startsWith("overlays/")),
  );
  if (env !== undefined && app !== undefined && !chosen.some((target) => target.app === app)) {
    const others = fleet.targets.filter((target) => target.app === app);
    throw new SlipwayError(
      `Cannot check "${app}" in "${env}": its environments are ${others.map(({ environment }) => environment).join(", ")}`,
    );
  }
  return chosen;
}

function requireKnown(kind: string, names: readonly string[], known: readonly string[]): void {
  for (const name of names) if (!known.includes(name)) throw unknownName(kind, name, known);
}

async function print(report: Report, { reporter }: Options): Promise<void> {
  const { reporters } = await import("../reporters/index.ts");
  const { stdout } = process;
  stdout.write(reporters[reporter](report, { colour: stdout.isTTY && stdout.hasColors() }));
}

/** In CI a green run means that the checks ran; at a desk the report's own line is enough. */
function requireAllRan({ checks }: Report, skip: readonly string[]): void {
  const { CI: ci } = process.env;
  if (ci === undefined || ci === "" || ci === "false") return;
  const missing = checks.filter(({ id, status }) => status === "skipped" && !skip.includes(id));
  if (missing.length === 0) return;
  const names = missing.map(({ id }) => `"${id}"`).join(", ");
  const flags = missing.map(({ id }) => `--skip ${id}`).join(" ");
  throw new SlipwayError(
    `Cannot vouch for the repository: ${names} did not run; make it run, or leave it out with ${flags}`,
  );
}
