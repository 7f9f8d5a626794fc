import { crdFiles } from "../../scripts/tools/crds.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { type ToolName, tools } from "../../scripts/tools/tools.ts";

/**
 * Builds every outside program before the first test, so that no test's time limit has to cover a
 * compiler. Nothing to do where the cache has them.
 */
export async function setup(): Promise<void> {
  const modules = Object.values(
    Object.groupBy(Object.keys(tools) as ToolName[], (name) => tools[name].module),
  );
  // Two at a time: a linker keeps one core busy, and a download none. Programs of one module share packages.
  await Promise.all([buildAll(modules), buildAll(modules)]);
  await crdFiles();
}

/** Takes one module after the other off the list. */
async function buildAll(modules: ToolName[][]): Promise<void> {
  for (let names = modules.shift(); names !== undefined; names = modules.shift()) {
    for (const name of names) {
      await tool(name, (what, seconds) => {
        console.log(`building ${what}, once: up to ${seconds} s on two cores`);
      });
    }
  }
}
