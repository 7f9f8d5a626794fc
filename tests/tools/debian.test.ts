import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { debianPackages } from "../../scripts/tools/debian.ts";
import { folder } from "../tree/folder.ts";

afterEach(() => vi.unstubAllEnvs());

/** A machine with an empty cache, whose PATH has these programs and bash. */
function machine(programs: Readonly<Record<string, string>>) {
  const path = folder({});
  const written = folder(programs);
  for (const name of Object.keys(programs)) symlinkSync(join(written, name), join(path, name));
  symlinkSync("/bin/bash", join(path, "bash"));
  vi.stubEnv("PATH", path);
  vi.stubEnv("XDG_CACHE_HOME", folder({}));
}

test("debianPackages() says in one sentence that a machine without apt is the wrong one", async () => {
  machine({});
  await expect(debianPackages(["redis-server"])).rejects.toThrow(
    "Cannot get redis-server: there is no apt-get on PATH; run this on Debian or Ubuntu, or in a container of one of them",
  );
});
