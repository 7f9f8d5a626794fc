import { createServer, type IncomingMessage } from "node:http";
import type { Manifest } from "../fleet/resource.ts";
import type { Services } from "./services.ts";
import { freePorts } from "./workspace.ts";

/** The API of a program whose pods are simulated, at every Service that leads to it. */
export type SimulatedApi = {
  /** Answers at the addresses among these manifests from now on. */
  readonly answerFor: (manifests: readonly Manifest[]) => void;
  readonly close: () => void;
};

export type Answer = { readonly status: number; readonly body: object };

/** Answers requests with JSON on a port of its own, to which addresses as `name.namespace.svc:9090` are led. */
export async function serveSimulatedApi(
  services: Services,
  addressesOf: (manifests: readonly Manifest[]) => readonly string[],
  answer: (request: IncomingMessage) => Answer | Promise<Answer>,
): Promise<SimulatedApi> {
  const [port = 0] = await freePorts(1);
  const led = new Set<string>();
  const server = createServer(async (request, response) => {
    try {
      const { status, body } = await answer(request);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    } catch (error) {
      response.writeHead(500).end((error as Error).message);
    }
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    answerFor(manifests) {
      for (const service of addressesOf(manifests)) {
        // Once: somebody may have led it to a real program since
        if (led.has(service)) continue;
        led.add(service);
        services.lead(service, port);
      }
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
