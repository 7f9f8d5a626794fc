// Whole processes, timed beside the real tools in one run: `npm run bench`. No assertions; a number
// means something next to the others of its table only.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readFleet } from "../scripts/fleet/fleet.ts";
import { run, runOrThrow } from "../scripts/tools/process.ts";
import { schemaFolder } from "../scripts/tools/schemas/derive.ts";
import { cacheDirectory, tool } from "../scripts/tools/tool.ts";
import { workingDirectory } from "../scripts/tree/working-directory.ts";
import { measure, table } from "./measure.ts";

const rounds = 5;
const root = join(import.meta.dirname ?? "", "..");
const { targets } = readFleet(workingDirectory(root));
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
  const rendered = join(directory, "rendered.yaml");
  const location = "{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";
  const timings = await measure(
    [
      { name: "slipway check, first run", prepare: forget, work: () => slipway("check") },
      { name: "slipway check, again", work: () => slipway("check") },
      {
        name: "slipway check --env dev, first run",
        prepare: forget,
        work: () => slipway("check", "--env", "dev"),
      },
      { name: "slipway --help", work: () => slipway("--help") },
      {
        name: `kustomize build, ${targets.length} times`,
        async work() {
          for (const target of targets)
            await runOrThrow(kustomize, ["build", join(root, target.directory)]);
        },
      },
      {
        name: `kustomize build | kubeconform, ${targets.length} times`,
        async work() {
          for (const target of targets) {
            writeFileSync(
              rendered,
              await runOrThrow(kustomize, ["build", join(root, target.directory)]),
            );
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
    ],
    rounds,
  );
  console.log(`${targets.length} targets, ${rounds} rounds\n\n${table(timings)}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
