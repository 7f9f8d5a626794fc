import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../scripts/tools/process.ts";
import { folder, repository } from "./slipway.ts";

const lock = JSON.stringify({
  packages: { "": {}, "node_modules/a": { version: "1.0.0" }, "node_modules/b": { os: ["none"] } },
});
const installing = "Installing the packages that package-lock.json locks, about 15 s\n";

/** A checkout with an npm that only notes that it was called. */
function checkout(npm: string): string {
  const root = folder({
    "package-lock.json": lock,
    "bin/npm": `#!/bin/sh\necho "$*" >> calls\n${npm}\n`,
    "scripts/.keep": "",
    "tmp/.keep": "",
  });
  copyFileSync(join(repository, "scripts/install.mjs"), join(root, "scripts/install.mjs"));
  chmodSync(join(root, "bin/npm"), 0o755);
  return root;
}

async function install(root: string, script = "node scripts/install.mjs") {
  const env = { ...process.env, PATH: `${root}/bin:${process.env.PATH}`, TMPDIR: `${root}/tmp` };
  return await run("bash", ["-c", script], { cwd: root, env });
}

function calls(root: string): number {
  const file = join(root, "calls");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0;
}

test("install.mjs runs npm ci once for each package-lock.json", async () => {
  const root = checkout("mkdir -p node_modules");
  expect(await install(root)).toEqual({ stdout: "", stderr: installing, exitCode: 0 });
  expect(await install(root)).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  expect(readFileSync(join(root, "calls"), "utf8")).toMatch(/^ci --include=dev .*\n$/);

  writeFileSync(join(root, "package-lock.json"), lock.replace("1.0.0", "1.0.1"));
  expect((await install(root)).stderr).toBe(installing);
  expect(calls(root)).toBe(2);
});

test("install.mjs leaves what npm ci or npm install put there by hand", async () => {
  const root = checkout("exit 1");
  const record = join(root, "node_modules/.package-lock.json");
  await install(root, "mkdir node_modules");
  writeFileSync(record, JSON.stringify({ packages: { "node_modules/a": { version: "1.0.0" } } }));
  expect(await install(root)).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  expect(calls(root)).toBe(0);
});

test("install.mjs twice at once runs npm ci once", async () => {
  const root = checkout("sleep 0.5; mkdir -p node_modules");
  const { exitCode } = await install(
    root,
    "node scripts/install.mjs & node scripts/install.mjs & wait -n && wait -n",
  );
  expect(exitCode).toBe(0);
  expect(calls(root)).toBe(1);
});

test("install.mjs waits for an npm ci whose starter was killed", async () => {
  const root = checkout("sleep 1; mkdir -p node_modules; echo end >> calls");
  const { stdout, stderr } = await install(
    root,
    // The lock then names npm too.
    "node scripts/install.mjs 2>/dev/null & until grep -qs ' ' tmp/slipway-install-*; do sleep 0.05; done; kill -KILL $!; node scripts/install.mjs; cat calls",
  );
  expect(stdout.replaceAll(/^ci .*/gm, "ci")).toBe("ci\nend\nci\nend\n");
  expect(stderr).toContain("Waiting for another process, which installs the packages\n");
});

test("install.mjs exits with 2 where npm fails, and tries again the next time", async () => {
  const root = checkout("echo 'npm error code E404' >&2; exit 1");
  for (const count of [1, 2]) {
    expect(await install(root)).toEqual({
      stdout: "",
      stderr: `${installing}Cannot install the dependencies: npm ci says: npm error code E404\n`,
      exitCode: 2,
    });
    expect(calls(root)).toBe(count);
  }
});
