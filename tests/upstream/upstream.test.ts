import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { upstreamModules } from "../../scripts/upstream/modules.ts";
import { upstreamFolder } from "../../scripts/upstream/upstream.ts";
import { folder, repository } from "../tree/folder.ts";

const keda = "https://github.com/kedacore/keda.git";

test.each([
  [keda, "v2.21.0", "config/default/kustomization.yaml"],
  ["https://github.com/bitnami/sealed-secrets.git", "v0.40.0", "helm/sealed-secrets/Chart.yaml"],
])("upstreamFolder() takes %s at %s from its Go module", async (repoURL, tag, file) => {
  const found = await upstreamFolder({ repoURL, targetRevision: tag });
  expect(found.endsWith(`@${tag}`)).toBe(true);
  expect(existsSync(join(found, file))).toBe(true);
});

test("upstreamFolder() names both places where a release is not to be found", async () => {
  await expect(upstreamFolder({ repoURL: keda, targetRevision: "v2.999.0" })).rejects.toThrow(
    /^Cannot fetch "https:\/\/github\.com\/kedacore\/keda\.git" at "v2\.999\.0": git says: .*; its Go module is not there either: Cannot read github\.com\/kedacore\/keda\/v2@v2\.999\.0: /s,
  );
});

test("upstreamFolder() fetches a repository without a Go module by git, once", async () => {
  vi.stubEnv("XDG_CACHE_HOME", folder({}));
  const path = repository({ "config/kustomization.yaml": "resources: []\n" });
  execFileSync("git", ["tag", "v1.0.0"], { cwd: path });
  const upstream = { repoURL: `file://${path}`, targetRevision: "v1.0.0" };
  const found = await upstreamFolder(upstream);
  expect(readFileSync(join(found, "config/kustomization.yaml"), "utf8")).toBe("resources: []\n");
  rmSync(join(path, ".git"), { recursive: true });
  expect(await upstreamFolder(upstream)).toBe(found);
  vi.unstubAllEnvs();
});

test("upstreamFolder() says in git's own words what it cannot fetch", async () => {
  vi.stubEnv("XDG_CACHE_HOME", folder({}));
  const upstream = { repoURL: "file:///nowhere/operator.git", targetRevision: "v1.0.0" };
  await expect(upstreamFolder(upstream)).rejects.toThrow(
    /^Cannot fetch "file:\/\/\/nowhere\/operator\.git" at "v1\.0\.0": git says: /,
  );
  vi.unstubAllEnvs();
});

test("every module is pinned where the table says", () => {
  for (const { module, pinnedIn } of Object.values(upstreamModules)) {
    expect(readFileSync(`scripts/tools/${pinnedIn}/go.mod`, "utf8")).toContain(`${module} v`);
  }
});
