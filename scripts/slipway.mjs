#!/usr/bin/env node
// The door to the command for whoever has only Node: installs what is locked, then runs
// scripts/main.ts on Deno. Plain JavaScript without dependencies, for Node 20.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { InstallError, install } from "./install.mjs";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

try {
  await install();
  run(...deno(), "run", "-A", main, ...process.argv.slice(2));
} catch (error) {
  // As the command itself: 2 says that the work could not be done.
  process.exitCode = 2;
  console.error(error instanceof InstallError ? error.message : error);
}

/** Deno as a program and its first arguments: the binary itself, or the package's Node script. */
function deno() {
  const require = createRequire(import.meta.url);
  try {
    // What the script does before it starts the binary; without it a start costs a second Node.
    return [require("deno/install_api.cjs").runInstall()];
  } catch {
    return [process.execPath, require.resolve("deno/bin.cjs")];
  }
}

/** Runs a program in place of this one: same terminal, same signals, same end. */
function run(file, ...args) {
  const child = spawn(file, args, {
    stdio: "inherit",
    env: { DENO_NO_UPDATE_CHECK: "1", ...process.env },
  });
  // A terminal sends Ctrl-C to both; sent on, it would count as the second one that means "now".
  const isTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !isTerminal) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.exitCode = 2;
    console.error(`Cannot start Deno: ${error.message}`);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
