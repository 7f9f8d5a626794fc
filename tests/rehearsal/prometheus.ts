import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../scripts/rehearsal/wait.ts";
import { freePorts } from "../../scripts/rehearsal/workspace.ts";
import { tool } from "../../scripts/tools/tool.ts";

/** A real Prometheus and the one exporter that it scrapes every second. */
export type Prometheus = {
  readonly port: number;
  /** What the exporter has from now on, as lines of the exposition format. */
  readonly expose: (...lines: readonly string[]) => void;
  readonly close: () => Promise<void>;
};

/** Starts the pinned Prometheus on loopback and waits until it answers queries. */
export async function startPrometheus(): Promise<Prometheus> {
  const [port = 0, exporterPort = 0] = await freePorts(2);
  const folder = mkdtempSync(join(tmpdir(), "slipway-prometheus-"));
  let exposed: readonly string[] = [];
  const exporter = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" });
    response.end(exposed.map((line) => `${line}\n`).join(""));
  });
  await new Promise<void>((resolve) => exporter.listen(exporterPort, "127.0.0.1", resolve));
  const configuration = join(folder, "prometheus.yml");
  writeFileSync(
    configuration,
    JSON.stringify({
      global: { scrape_interval: "1s" },
      scrape_configs: [
        { job_name: "exporter", static_configs: [{ targets: [`127.0.0.1:${exporterPort}`] }] },
      ],
    }),
  );
  const prometheus = spawn(
    await tool("prometheus"),
    [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const close = async () => {
    await end(prometheus);
    exporter.close();
    exporter.closeAllConnections();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await waitFor("Prometheus", 60, async () => {
      if (prometheus.exitCode !== null) throw new Error(`It ended: ${prometheus.exitCode}`);
      const answer = await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined);
      return answer?.ok === true;
    });
  } catch (error) {
    await close();
    throw error;
  }
  const expose = (...lines: readonly string[]) => {
    exposed = lines;
  };
  return { port, expose, close };
}

async function end(prometheus: ChildProcess): Promise<void> {
  if (prometheus.exitCode !== null) return;
  const ended = new Promise((resolve) => prometheus.once("exit", resolve));
  prometheus.kill("SIGTERM");
  await ended;
}
