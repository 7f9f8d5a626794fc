import { inspect, stripVTControlCharacters } from "node:util";
import { SlipwayError } from "./errors.ts";

/**
 * Exit codes: 0 nothing is wrong, 1 findings, 2 the work could not be done. A command sets 1 itself;
 * everything that throws ends here.
 */
async function main(args: readonly string[]): Promise<void> {
  const { createProgram } = await import("./commands/program.ts");
  const program = await createProgram(args);
  await program.parseAsync(args, { from: "user" });
}

/** What the machine refuses: full, read-only, forbidden. The sentence names the file. */
const machine = new Set([
  "EACCES",
  "EDQUOT",
  "EIO",
  "EMFILE",
  "ENFILE",
  "ENOSPC",
  "ENOTDIR",
  "EPERM",
  "EROFS",
]);

function fail(error: unknown): void {
  if (isCommanderError(error)) {
    // Commander has printed its sentence, or the help that was asked for.
    if (error.exitCode !== 0) process.exitCode = 2;
    return;
  }
  process.exitCode = 2;
  if (error instanceof SlipwayError) {
    console.error(error.message);
    return;
  }
  if (error instanceof Error && "code" in error && machine.has(String(error.code))) {
    console.error(`Cannot go on: ${error.message}`);
    return;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : inspect(error);
  console.error(stripVTControlCharacters(trace));
  console.error("This is a mistake in slipway: please report it with the lines above");
}

/** By name: importing Commander to ask for its class would be the slowest line of a run. */
function isCommanderError(error: unknown): error is Error & { readonly exitCode: number } {
  return error instanceof Error && error.name === "CommanderError";
}

/** A reader that has seen enough, such as `head`, is no error; what is left to do still gets done. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

function failLate(error: unknown): never {
  fail(error);
  // Deno's own code for an uncaught error is 1, which would read as findings.
  process.exit(2);
}

process.stdout.on("error", ignoreClosedPipe);
process.stderr.on("error", ignoreClosedPipe);
process.on("uncaughtException", failLate);
process.on("unhandledRejection", failLate);

try {
  await main(process.argv.slice(2));
} catch (error) {
  fail(error);
}
