import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { cleanOf } from "../../scripts/tools/schemas/clean.ts";

let cache = "";
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "slipway-test-"));
  vi.stubEnv("XDG_CACHE_HOME", cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

it("cleanOf() remembers texts for a check and a version, and for no other", () => {
  cleanOf("fields", "1").add(["a text", "another"]);
  expect(cleanOf("fields", "1").has("a text")).toBe(true);
  expect(cleanOf("fields", "1").has("a third")).toBe(false);
  expect(cleanOf("fields", "2").has("a text")).toBe(false);
  expect(cleanOf("values", "1").has("a text")).toBe(false);
});

it("cleanOf() writes digests, not texts", () => {
  cleanOf("fields", "1").add(["a text"]);
  const folder = join(cache, "slipway", "clean");
  const [file = ""] = readdirSync(folder);
  expect(JSON.parse(readFileSync(join(folder, file), "utf8"))).toHaveLength(1);
  expect(readFileSync(join(folder, file), "utf8")).not.toContain("a text");
});

it("cleanOf() remembers nothing without a version", () => {
  const clean = cleanOf("fields", undefined);
  clean.add(["a text"]);
  expect(clean.has("a text")).toBe(false);
});
