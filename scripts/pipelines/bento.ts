import { freePorts } from "../rehearsal/workspace.ts";
import { tool } from "../tools/tool.ts";
import type { Server } from "./server.ts";

/** A pipeline that is run by the real engine. */
export type Pipeline = Server & { readonly url: string };

/** Prepares one process that runs a pipeline's file, with the settings of its Deployment. */
export async function preparePipeline(
  name: string,
  file: string,
  settings: Readonly<Record<string, string>>,
): Promise<Pipeline> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  return {
    name,
    url,
    command: {
      file: await tool("bento"),
      args: ["-c", file],
      env: { ...settings, HTTP_ADDRESS: `127.0.0.1:${port}` },
    },
    // Its input and its output are connected
    isReady: async () => (await fetch(`${url}/ready`)).ok,
  };
}

/** The sum of a counter over its labels, as Prometheus would read it. */
export async function counter(pipeline: Pipeline, name: string): Promise<number> {
  const text = await (await fetch(`${pipeline.url}/metrics`)).text();
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
