import { crdFiles } from "../../scripts/tools/crds.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { type ToolName, tools } from "../../scripts/tools/tools.ts";

/**
 * Builds every outside program before the first test, so that no test's time limit has to cover a
 * compiler. Nothing to do where the cache has them.
 */
export async function setup(): Promise<void> {
  for (const name of Object.keys(tools) as ToolName[]) {
    await tool(name, (what, seconds) => {
      console.log(`building ${what}, once: up to ${seconds} s on two cores`);
    });
  }
  await crdFiles();
}
