import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Registry } from "prom-client";
import type { Answer, Health } from "./health.ts";

/** Serves `/metrics` and `/health/{live,ready,startup}`. */
export function createHttp(health: Health, registry: Registry): Server {
  const questions: Readonly<Record<string, () => Promise<Answer>>> = {
    "/health/live": () => health.live(),
    "/health/ready": () => health.ready(),
    "/health/startup": () => health.startup(),
  };

  async function respond({ method, url = "" }: IncomingMessage, response: ServerResponse) {
    const path = url.replace(/\?.*/, "");
    const question = Object.hasOwn(questions, path) ? questions[path] : undefined;
    if (method !== "GET" && method !== "HEAD") {
      text(response, 405, "only GET and HEAD are answered");
    } else if (question) {
      const { ok, reason } = await question();
      text(response, ok ? 200 : 503, reason);
    } else if (path === "/metrics") {
      response.setHeader("content-type", registry.contentType).end(await registry.metrics());
    } else {
      text(response, 404, `there are ${Object.keys(questions).join(", ")} and /metrics`);
    }
  }

  const server = createServer((request, response) => {
    respond(request, response).catch((error: Error) => {
      console.error(error);
      if (response.headersSent) response.destroy();
      else text(response, 500, error.message);
    });
  });
  // The kubelet and Prometheus need a few. Whoever opens many and reads none is not waited for.
  server.maxConnections = 64;
  server.timeout = 10_000;
  return server;
}

function text(response: ServerResponse, status: number, line: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${line}\n`);
}
