import { symlinkSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, slipway } from "./slipway.ts";

const file = "overlays/dev/web/config-map.yaml";
const kustomization = "namespace: web\nresources: [config-map.yaml]\n";
const configMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n";

/** A fleet of one overlay that lists one file. */
function fleet(content: string): string {
  return folder({ "overlays/dev/web/kustomization.yaml": kustomization, [file]: content });
}

async function findings(cwd: string, ...args: string[]) {
  const { stdout, stderr, exitCode } = await slipway(["check", "--reporter", "json", ...args], {
    cwd,
  });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 1 });
  return JSON.parse(stdout).findings;
}

test("slipway check exits with 1 and names file, line and column of what is wrong", async () => {
  const found = await findings(fleet(`${configMap}data:\n  port: 80\n`));
  expect(found).toContainEqual({
    rule: "schema-invalid-value",
    severity: "error",
    message: '"data.port" must be a string: it is 80',
    help: 'Quote it: "80"',
    file,
    line: 6,
    column: 9,
    target: "dev/web",
    resource: "ConfigMap/web/web",
    path: "data.port",
  });
});

test("slipway check of one app exits with 0 where nothing is wrong", async () => {
  const { stdout, stderr, exitCode } = await slipway(["check", "--app", "llm-runner-router"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(stdout).toMatch(/^All good: \d+ targets, \d+ resources, \d+ checks in .*s\n$/);
});

test.each([
  { name: "YAML that cannot be parsed", content: "data: [", line: 1 },
  { name: "a tab", content: "data:\n\tport: 80\n", line: 2 },
  { name: "bytes that are no text", content: "\u0000\u0001", line: 1 },
])("slipway check finds $name", async ({ content }) => {
  expect(await findings(fleet(content))).toContainEqual(
    expect.objectContaining({ severity: "error", file }),
  );
});

test("slipway check finds a file of 100 MB without reading it", async () => {
  const root = fleet("");
  truncateSync(join(root, file), 100 * 1024 * 1024);
  expect(await findings(root)).toContainEqual(
    expect.objectContaining({ file, message: expect.stringContaining("100 MB") }),
  );
});

test.each([
  { to: "config-map.yaml", says: "its links lead in a circle" },
  { to: "/etc/hosts", says: "it is a link that leaves the repository" },
  { to: "absent.yaml", says: "config-map.yaml" },
])("slipway check refuses a link to $to", async ({ to, says }) => {
  const root = folder({ "overlays/dev/web/kustomization.yaml": kustomization });
  symlinkSync(to, join(root, file));
  const { stdout, stderr, exitCode } = await slipway(["check"], { cwd: root });
  expect(stdout + stderr).toContain(file);
  expect(stdout + stderr).toContain(says);
  expect(stdout + stderr).not.toContain("mistake in slipway");
  expect([1, 2]).toContain(exitCode);
});

test("slipway check does not follow a link round in circles", async () => {
  const root = fleet(`${configMap}data:\n  port: 80\n`);
  symlinkSync("..", join(root, "overlays/dev/web/up"));
  symlinkSync("../../..", join(root, "overlays/dev/root"));
  const { stdout, stderr } = await slipway(["check", "--env", "dev"], { cwd: root });
  expect(stdout).toContain("schema-invalid-value");
  expect(stderr).toBe("");
});

test("slipway check keeps on with the other targets where one does not render", async () => {
  const root = folder({
    "overlays/dev/broken/kustomization.yaml": "resources: [absent.yaml]\n",
    "overlays/dev/web/kustomization.yaml": kustomization,
    [file]: `${configMap}data:\n  port: 80\n`,
  });
  const found = await findings(root);
  expect(found).toContainEqual(
    expect.objectContaining({ file: "overlays/dev/broken/kustomization.yaml" }),
  );
  expect(found).toContainEqual(expect.objectContaining({ rule: "schema-invalid-value", file }));
});

test("slipway check --env reports about that environment only", async () => {
  const root = folder({
    "overlays/dev/web/kustomization.yaml": "resources: [absent.yaml]\n",
    "overlays/prod/web/kustomization.yaml": "resources: [absent.yaml]\n",
  });
  const found = await findings(root, "--env", "prod");
  expect(found.map(({ file }: { file: string }) => file)).toEqual([
    "overlays/prod/web/kustomization.yaml",
  ]);
});

test("slipway check of an app that an environment lacks exits with 2", async () => {
  const root = folder({
    "overlays/dev/web/kustomization.yaml": "resources: []\n",
    "overlays/prod/api/kustomization.yaml": "resources: []\n",
  });
  expect(await slipway(["check", "--env", "prod", "--app", "web"], { cwd: root })).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: 'Cannot check "web" in "prod": its environments are dev\n',
  });
});

test("slipway check of an empty fleet exits with 2", async () => {
  const root = folder({ "overlays/README.md": "" });
  expect(await slipway(["check"], { cwd: root })).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: 'Cannot check an empty fleet: "overlays/" holds no "<environment>/<app>"\n',
  });
});

test("slipway check without Go checks, and lists what it takes Go for", async () => {
  const cwd = fleet(`${configMap}data:\n  port: 80\n`);
  const env = { PATH: folder(), XDG_CACHE_HOME: folder() };
  const { stdout, exitCode } = await slipway(["check"], { cwd, env });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/6:9 +schema-invalid-value/);
  expect(stdout).toMatch(/schema-kubeconform.*there is no Go on PATH/);
});

test("slipway render and build need no other program", async () => {
  const cwd = fleet(configMap);
  const env = { PATH: folder(), XDG_CACHE_HOME: folder() };
  const expected = { stdout: `${configMap}  namespace: web\n`, stderr: "", exitCode: 0 };
  expect(await slipway(["render", "dev/web"], { cwd, env })).toEqual(expected);
  expect(await slipway(["build", "overlays/dev/web"], { cwd, env })).toEqual(expected);
});

test("slipway check says what the machine refuses without a stack trace", async () => {
  const cwd = fleet(configMap);
  const { stderr, exitCode } = await slipway(["check"], {
    cwd,
    env: { XDG_CACHE_HOME: join(cwd, file) },
  });
  expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^Cannot go on: ENOTDIR: .*config-map.yaml/);
  expect(exitCode).toBe(2);
});
