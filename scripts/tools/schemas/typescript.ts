import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { run } from "../process.ts";

/** The TypeScript compiler as a program, or undefined where it is not installed for this platform. */
export function findTypeScript(): string | undefined {
  try {
    // Its launcher is a script for Node; the program beside it starts quicker.
    const launcher = createRequire(require.resolve("typescript/package.json"));
    const platform = `@typescript/typescript-${process.platform}-${process.arch}`;
    const folder = dirname(launcher.resolve(`${platform}/package.json`));
    const name = process.platform === "win32" ? "tsc.exe" : "tsc";
    const program = join(folder, "lib", name);
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

/** npm's list of what it installed, which changes whenever a type may have; undefined without one. */
export function installedPackages(): string | undefined {
  const file = join(modulesFolder(), ".package-lock.json");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Type-checks one source file that may import installed packages; returns what the compiler prints. */
export async function typeCheck(program: string, source: string): Promise<string> {
  const cache = join(modulesFolder(), ".cache", "slipway");
  mkdirSync(cache, { recursive: true });
  // Below node_modules, so that imports resolve as they do in our own code.
  const folder = mkdtempSync(join(cache, "types-"));
  try {
    writeFileSync(join(folder, "objects.ts"), source);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
    const { stdout, stderr } = await run(program, ["--project", folder, "--pretty", "false"]);
    if (stderr.trim() !== "") throw new Error(`The TypeScript compiler failed: ${stderr.trim()}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function modulesFolder(): string {
  return dirname(dirname(require.resolve("typescript/package.json")));
}

const configuration = {
  compilerOptions: {
    target: "esnext",
    module: "nodenext",
    // The types of the models need nothing of the language's newer libraries.
    lib: ["es5"],
    types: [],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  },
  files: ["objects.ts"],
};

const require = createRequire(import.meta.url);
