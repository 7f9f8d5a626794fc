import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../../errors.ts";
import { run } from "../process.ts";
import { goVersion } from "../tool.ts";

/** A Go module that the `go.mod` in a folder of `scripts/tools/` pins. */
export type PinnedModule = { readonly module: string; readonly pinnedIn: string };

/**
 * The folders of pinned modules in Go's module cache, in the order asked for; what is missing there is
 * downloaded and proved by the `go.sum` beside the pin. Throws a `SlipwayError` without Go or network.
 */
export async function moduleFolders(modules: readonly PinnedModule[]): Promise<string[]> {
  if ((await goVersion()) === undefined) {
    throw new SlipwayError(
      `Cannot read ${modules[0]?.module ?? "a Go module"}: there is no Go on PATH; install Go 1.26 or newer`,
    );
  }
  const pins = [...new Set(modules.map(({ pinnedIn }) => pinnedIn))];
  const found = await Promise.all(
    pins.map((pin) =>
      download(
        pin,
        modules.filter(({ pinnedIn }) => pinnedIn === pin).map(({ module }) => module),
      ),
    ),
  );
  const folders = new Map(found.flatMap((one) => [...one]));
  return modules.map(({ module }) => folders.get(module) ?? "");
}

/** The lines of `go.mod` and `go.sum` that pin a module: they change exactly when its content may. */
export function pinOf({ module, pinnedIn }: PinnedModule): string {
  const lines = ["go.mod", "go.sum"].flatMap((file) =>
    readFileSync(join(pinFolder(pinnedIn), file), "utf8").split("\n"),
  );
  const replaced = lines.find((line) => line.includes(`${module} =>`))?.split(/\s+/);
  const names = [module, replaced?.[replaced.indexOf("=>") + 1] ?? module];
  return lines.filter((line) => line.split(/\s+/).some((word) => names.includes(word))).join("\n");
}

async function download(pin: string, modules: readonly string[]): Promise<Map<string, string>> {
  const { stdout, stderr, exitCode } = await run("go", ["mod", "download", "-json", ...modules], {
    cwd: pinFolder(pin),
  });
  const answers = stdout
    .split(/(?<=^\})$/m)
    .filter((text) => text.trim() !== "")
    .map((text) => JSON.parse(text) as { Dir?: string; Error?: string });
  const failed = answers.find(({ Error: error }) => error !== undefined)?.Error;
  if (exitCode !== 0 || failed !== undefined || answers.length !== modules.length) {
    throw new SlipwayError(
      `Cannot read ${modules.join(", ")}: go mod download says: ${(failed ?? stderr).trim()}`,
    );
  }
  return new Map(modules.map((module, index) => [module, answers[index]?.Dir ?? ""]));
}

function pinFolder(pin: string): string {
  return join(import.meta.dirname ?? "", "..", pin);
}
