import { expect, test } from "vitest";
import { tool } from "../../scripts/tools/tool.ts";
import { folder, slipway } from "./slipway.ts";

test("slipway doctor exits with 0 where check can run whole", async () => {
  await tool("kubeconform");
  const { stdout, stderr, exitCode } = await slipway(["doctor"]);
  expect(stdout).toMatch(/^✓ Deno +\d+\.\d+\.\d+$/m);
  expect(stdout).toMatch(/^✓ kubeconform +v[\d.]+ +(in the cache|on PATH)$/m);
  expect(stdout).toMatch(/^✓ slipway check +ready/m);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
});

test("slipway doctor exits with 1 where check would skip some of its checks, and says what it takes", async () => {
  const env = { PATH: folder(), XDG_CACHE_HOME: folder() };
  const { stdout, stderr, exitCode } = await slipway(["doctor"], { env });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 1 });
  const lines = stdout.split("\n").filter((line) => /^. (Go|slipway) /.test(line));
  expect(lines.slice(0, 3).join("\n")).toMatchInlineSnapshot(`
    "✗ Go                                  not on PATH; it builds the tools below
    ✗ slipway check                       needs Go 1.26 or newer, or at their pinned versions on PATH: kubeconform, helm
    ✓ slipway render                      ready"
  `);
  // Every operator that really runs, and what renders their upstream sources.
  const rehearse = lines.find((line) => line.includes("slipway rehearse"));
  for (const name of ["helm", "cert-manager", "keda-operator", "keda-servers"]) {
    expect(rehearse?.split(/: |, /)).toContain(name);
  }
});
