// The first process of the container: node src/main.ts jaguar_server
import { readSettings, StartError } from "./settings.ts";
import { runWrapper } from "./wrapper.ts";

const stop = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());

/** The exit code is jaguar_server's, 1 where it ended by itself without one, 2 where nothing could start. */
try {
  const settings = readSettings(process.env, process.argv.slice(2));
  process.exitCode = await runWrapper(settings, stop.signal);
} catch (error) {
  process.exitCode = 2;
  console.error(error instanceof StartError ? error.message : error);
}
// What a library may still have open must not keep the container.
process.exit();
