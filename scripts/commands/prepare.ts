import type { ToolName } from "../tools/tools.ts";

/**
 * Builds a tool that is not there yet, and says so: it takes longer than anybody waits in silence.
 * Throws a `SlipwayError` where it cannot be built.
 */
export async function prepare(name: ToolName): Promise<void> {
  const [{ findTool, goVersion, tool }, { tools }] = await Promise.all([
    import("../tools/tool.ts"),
    import("../tools/tools.ts"),
  ]);
  if ((await findTool(name)) !== undefined) return;
  if ((await goVersion()) !== undefined) {
    const { version, seconds } = tools[name];
    process.stderr.write(`Building ${name} ${version} once, about ${seconds} s\n`);
  }
  await tool(name);
}
