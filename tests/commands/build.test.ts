import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runOrThrow } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { folder, repository, slipway } from "./slipway.ts";

const files = {
  "base/kustomization.yaml": "resources: [all.yaml]\n",
  "base/all.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
`,
  "other/kustomization.yaml": "commonLabels: {a: b}\nresources: [../shared/x.yaml]\n",
  "shared/x.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: x}\n",
};

async function kustomize(args: readonly string[], cwd: string): Promise<string> {
  return runOrThrow(await tool("kustomize"), ["build", ...args], { cwd });
}

describe("slipway build", () => {
  test("prints what kustomize build prints", async () => {
    const cwd = folder(files);
    for (const args of [
      ["base"],
      ["--reorder", "none", "base"],
      ["--enable-managedby-label", "base"],
    ]) {
      const { stdout, stderr, exitCode } = await slipway(["build", ...args], { cwd });
      expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
      expect(stdout).toBe(await kustomize(args, cwd));
    }
  });

  test("builds directories of a fleet, from anywhere", async () => {
    const directory = join(repository, "overlays/staging/llm-runner-router");
    const { stdout } = await slipway(["build", directory], { cwd: folder({}) });
    expect(stdout).toBe(await kustomize([directory], repository));
  });

  test("builds the working directory, and several directories after each other", async () => {
    const cwd = folder(files);
    const alone = await slipway(["build"], { cwd: join(cwd, "base") });
    const twice = await slipway(["build", "base", "base"], { cwd });
    expect(twice.stdout).toBe(`${alone.stdout}---\n${alone.stdout}`);
  });

  test("writes to a file, or to a directory by kustomize's names", async () => {
    const cwd = folder(files);
    for (const name of ["ours", "theirs"]) mkdirSync(join(cwd, name));
    await slipway(["build", "-o", "all.yaml", "base"], { cwd });
    expect(readFileSync(join(cwd, "all.yaml"), "utf8")).toBe(await kustomize(["base"], cwd));
    await slipway(["build", "-o", "ours", "base"], { cwd });
    await kustomize(["-o", "theirs", "base"], cwd);
    const names = readdirSync(join(cwd, "theirs"));
    expect(readdirSync(join(cwd, "ours"))).toEqual(names);
    for (const name of names) {
      expect(readFileSync(join(cwd, "ours", name), "utf8")).toBe(
        readFileSync(join(cwd, "theirs", name), "utf8"),
      );
    }
  });

  test("tells a place from the working directory, and warns of deprecated fields", async () => {
    const cwd = folder(files);
    const refused = await slipway(["build", "other"], { cwd });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toBe(
      `other/kustomization.yaml:2:13: Cannot read "../shared/x.yaml": it is not in or below "other", the directory of its kustomization
  Move the file below it, make its directory a base or a component, or build with "--load-restrictor LoadRestrictionsNone"
`,
    );
    const built = await slipway(["build", "--load-restrictor", "LoadRestrictionsNone", "other"], {
      cwd,
    });
    expect(built.stderr).toBe(
      'Warning: "commonLabels" of "other/kustomization.yaml" is deprecated: use "labels"\n',
    );
    expect(built.exitCode).toBe(0);
  });
});
