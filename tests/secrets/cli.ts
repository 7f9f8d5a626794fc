import { Command } from "commander";
import { register } from "../../scripts/commands/secrets.ts";
import { SlipwayError } from "../../scripts/errors.ts";

// `slipway` with this one command: what the tests of the command start.
const program = new Command("slipway");
register(program);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = 2;
  console.error(error instanceof SlipwayError ? error.message : error);
}
