import { globSync, readFileSync } from "node:fs";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { run } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { release } from "./client.ts";

const base = "base/ml-inference";
const releases = globSync("overlays/*/ml-inference/release").sort();
const pipelines = pipelinesOf(release);

/** What a release gives to its pods, without the schema. */
function pipelinesOf(folder: string): string[] {
  const { configMapGenerator } = load(readFileSync(`${folder}/kustomization.yaml`, "utf8")) as {
    readonly configMapGenerator: readonly { readonly files: readonly string[] }[];
  };
  return configMapGenerator
    .flatMap(({ files }) => files)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => `${folder}/${file}`)
    .sort();
}

test("there is a release for each environment", () => {
  expect(releases).toEqual(
    ["dev", "prod", "staging"].map((environment) => release.replace("/dev/", `/${environment}/`)),
  );
});

describe.concurrent.each(releases)("%s", (folder) => {
  test("every pipeline has test cases beside it", () => {
    expect(pipelinesOf(folder)).toEqual(
      ["api", "collector", "gateway", "worker"].map((name) => `${folder}/${name}.yaml`),
    );
    expect(globSync(`${folder}/*_bento_test.yaml`).sort()).toEqual(
      pipelinesOf(folder).map((file) => file.replace(".yaml", "_bento_test.yaml")),
    );
  });

  test("the engine finds nothing to lint in the pipelines, deprecated fields included", async () => {
    const { stdout, stderr, exitCode } = await run(await tool("bento"), [
      ...["lint", "--deprecated", "--skip-env-var-check"],
      ...pipelinesOf(folder),
    ]);
    expect({ stdout, stderr, exitCode }).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  });

  test("the test cases of the pipelines hold", async () => {
    const { stdout, exitCode } = await run(await tool("bento"), ["test", `./${folder}/...`]);
    expect(stdout.trim().split("\n").sort()).toEqual(
      pipelinesOf(folder).map((file) => `Test '${file}' succeeded`),
    );
    expect(exitCode).toBe(0);
  });
});

test("a pipeline without its addresses is refused by the engine, not started with others", async () => {
  const { stderr, stdout, exitCode } = await run(
    await tool("bento"),
    ["lint", `${release}/worker.yaml`],
    { env: { PATH: process.env.PATH } },
  );
  expect(exitCode).toBe(1);
  expect(stdout + stderr).toContain("RABBITMQ_URL POSTGRES_DSN ML_SERVICE_URL RABBITMQ_URL");
});

test("a client's words never become part of SQL or of a script", () => {
  for (const file of pipelines) {
    expect(readFileSync(file, "utf8")).not.toContain("unsafe_dynamic_query");
  }
});

test("a worker drains for longer than an inference may take, and its pod lives longer than that", () => {
  const worker = readFileSync(`${release}/worker.yaml`, "utf8");
  const deployment = readFileSync(`${base}/deployment-ml-worker.yaml`, "utf8");
  const inference = numberIn(worker, /timeout: \$\{ML_TIMEOUT:(\d+)s\}/);
  const shutdown = numberIn(worker, /^shutdown_timeout: (\d+)s$/m);
  const grace = numberIn(deployment, /terminationGracePeriodSeconds: (\d+)/);
  // The engine drains for three quarters of the time and cuts for the rest
  expect(shutdown * 0.75).toBeGreaterThanOrEqual(inference + 15);
  expect(grace).toBeGreaterThanOrEqual(shutdown + 15);
});

function numberIn(text: string, pattern: RegExp): number {
  const [, found] = pattern.exec(text) ?? [];
  if (found === undefined) throw new Error(`nothing matches ${pattern}`);
  return Number(found);
}
