import { run } from "./process.ts";
import { tool } from "./tool.ts";

/** Any kubectl on PATH: it talks to servers of other versions too. Without one, ours is built. */
export async function findKubectl(): Promise<string> {
  const { exitCode } = await run("kubectl", ["version", "--client"]);
  return exitCode === 0 ? "kubectl" : await tool("kubectl");
}
