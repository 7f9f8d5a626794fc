// Whole processes, timed beside the real tools in one run: `npm run bench`. No assertions; a number
// means something next to the others of its table only.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readFleet } from "../scripts/fleet/fleet.ts";
import { run, runOrThrow } from "../scripts/tools/process.ts";
import { schemaFolder } from "../scripts/tools/schemas/derive.ts";
import { cacheDirectory, tool } from "../scripts/tools/tool.ts";
import { workingDirectory } from "../scripts/tree/working-directory.ts";
import { largeOverlay } from "./large-overlay.ts";
import { type Case, measure, table } from "./measure.ts";
import { warmCases } from "./warm.ts";

const rounds = 5;
/** Numbers of objects under one overlay; kustomize takes four times as long for twice as many. */
const sizes = [250, 500, 1000, 2000, 4000, 8000];
const largestForKustomize = 1000;

const root = join(import.meta.dirname ?? "", "..");
const { targets } = readFleet(workingDirectory(root));
const directories = targets.map((target) => join(root, target.directory));
const [kustomize, kubeconform, schemas] = await Promise.all([
  tool("kustomize"),
  tool("kubeconform"),
  schemaFolder(),
]);

const directory = mkdtempSync(join(tmpdir(), "slipway-bench-"));
try {
  // The built tools, the schemas and upstream's manifests, and nothing that an earlier run remembered.
  const cache = join(directory, "slipway");
  mkdirSync(cache);
  for (const name of ["tools", "schemas", "upstream-rendered"]) {
    mkdirSync(join(cacheDirectory(), name), { recursive: true });
    symlinkSync(join(cacheDirectory(), name), join(cache, name));
  }
  const forget = () => rmSync(join(cache, "clean"), { recursive: true, force: true });
  const slipway = async (...args: string[]) => {
    const { XDG_CACHE_HOME: _, CI: __, ...env } = process.env;
    const main = join(root, "scripts/main.ts");
    const { exitCode, stderr } = await run(process.execPath, ["run", "-A", main, ...args], {
      cwd: root,
      env: { ...env, XDG_CACHE_HOME: directory },
    });
    // Findings are work that was done.
    if (exitCode > 1 || exitCode < 0) throw new Error(stderr);
  };
  const kustomizeBuild = (from: string) => runOrThrow(kustomize, ["build", from]);
  const rendered = join(directory, "rendered.yaml");
  const location = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";

  await print(`${targets.length} targets`, rounds, [
    { name: "slipway check, first run", prepare: forget, work: () => slipway("check") },
    { name: "slipway check, again", work: () => slipway("check") },
    {
      name: "slipway check --env dev, first run",
      prepare: forget,
      work: () => slipway("check", "--env", "dev"),
    },
    { name: "slipway --help", work: () => slipway("--help") },
    {
      name: `slipway build, ${targets.length} directories`,
      work: () => slipway("build", ...directories),
    },
    {
      name: `kustomize build, ${targets.length} times`,
      async work() {
        for (const from of directories) await kustomizeBuild(from);
      },
    },
    {
      name: `kustomize build | kubeconform, ${targets.length} times`,
      async work() {
        for (const from of directories) {
          writeFileSync(rendered, await kustomizeBuild(from));
          await runOrThrow(kubeconform, [
            "-strict",
            // GKE publishes no schemas of its kinds
            "-ignore-missing-schemas",
            "-schema-location",
            join(schemas, location),
            rendered,
          ]);
        }
      },
    },
  ]);

  const { cases: warm, memory } = await warmCases(root);
  await print("in one process that rendered everything before", rounds, warm);
  console.log(`\nmemory after that: ${memory()} MB resident`);

  const overlays = sizes.map((objects) => ({ objects, folder: writeLargeOverlay(objects) }));
  await print("one overlay of so many objects, whole processes", 3, [
    ...overlays.map(({ objects, folder }) => ({
      name: `slipway build, ${objects} objects`,
      work: () => slipway("build", folder),
    })),
    ...overlays
      .filter(({ objects }) => objects <= largestForKustomize)
      .map(({ objects, folder }) => ({
        name: `kustomize build, ${objects} objects`,
        work: () => kustomizeBuild(folder).then(() => {}),
      })),
  ]);
  for (const { objects, folder } of overlays.slice(-2)) {
    const peak = join(root, "bench/peak-memory.ts");
    const megabytes = await runOrThrow(process.execPath, ["run", "-A", peak, folder]);
    console.log(`memory for ${objects} objects: ${megabytes.trim()} MB at its peak`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function print(what: string, times: number, cases: readonly Case[]): Promise<void> {
  console.log(`\n${what}, ${times} rounds\n\n${table(await measure(cases, times))}`);
}

/** The directory to build. */
function writeLargeOverlay(objects: number): string {
  const folder = join(directory, `objects-${objects}`);
  for (const [file, content] of Object.entries(largeOverlay(objects))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return join(folder, "overlay");
}
