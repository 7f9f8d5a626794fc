import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { buildWithKustomize, renderWithKustomize } from "../../scripts/render/oracle.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { repository } from "../support/mutate.ts";
import { configMap, overlay, router } from "./tree.ts";

it("renderWithKustomize() agrees with our engine about every target of this repository", async () => {
  const renderings = await renderWithKustomize(repository, readFleet(repository).targets);
  expect(renderings.flatMap(({ findings }) => findings)).toEqual([]);
  expect(renderings.every(({ resources }) => resources.length > 0)).toBe(true);
});

it("renderWithKustomize() agrees that a broken target does not build", async () => {
  const tree = memoryTree(overlay("dev", "router", "kind: ConfigMap\n"));
  const [rendering] = await renderWithKustomize(tree, [router]);
  expect(rendering?.findings.map(({ rule }) => rule)).toEqual(["render"]);
});

it("buildWithKustomize() leaves no folder behind, also where it fails", async () => {
  const own = mkdtempSync(join(tmpdir(), "slipway-test-"));
  vi.stubEnv("TMPDIR", own);
  try {
    const refused = memoryTree(overlay("dev", "router", "kind: ConfigMap\n"));
    expect((await buildWithKustomize(refused, router)).refusal).toContain("missing metadata.name");
    const tree = memoryTree(overlay("dev", "router", configMap("a")));
    const used = new Set<string>();
    const read = (path: string) => {
      for (const name of readdirSync(own)) used.add(name);
      return tree.read(path);
    };
    expect((await buildWithKustomize({ ...tree, read }, router)).output).toBe(configMap("a"));
    expect(used.size).toBe(1);
    expect(readdirSync(own)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    rmSync(own, { recursive: true });
  }
});
