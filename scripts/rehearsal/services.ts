import { createServer, request as requestHttp } from "node:http";
import { freePorts } from "./workspace.ts";

/** A program's way to Services inside the cluster, by their DNS names: local ports stand in for them. */
export type Services = {
  /** For `HTTP_PROXY` of a program's environment; Go leaves loopback, and so the API server, out of it. */
  readonly proxy: string;
  /** From now on `rabbitmq.systems.svc:15672`, and every longer name of it, leads to a port on loopback. */
  readonly lead: (service: string, port: number) => void;
  readonly close: () => void;
};

/**
 * Serves an HTTP proxy on loopback. Programs run on this machine, whose DNS knows no Services: with
 * the proxy they ask for the very addresses that git gives them, and one that would not resolve in a
 * cluster gets 502 here. Nothing leaves this machine.
 */
export async function openServices(): Promise<Services> {
  const [port = 0] = await freePorts(1);
  const ports = new Map<string, number>();
  const server = createServer((request, response) => {
    const { host, pathname, search } = new URL(request.url ?? "", "http://no-proxy-request");
    const upstream = ports.get(shortName(host));
    if (upstream === undefined) {
      response.writeHead(502).end(`The rehearsal has nothing at ${host}\n`);
      return;
    }
    const { method, headers } = request;
    const to = { host: "127.0.0.1", port: upstream, path: pathname + search, method, headers };
    const forwarded = requestHttp(to, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    request.pipe(forwarded);
  });
  // HTTPS: no program asks a Service by it today
  server.on("connect", (_, socket) => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    proxy: `http://127.0.0.1:${port}`,
    lead: (service, to) => void ports.set(shortName(service), to),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A cluster's DNS has three names for `name.namespace`. One without a namespace is the caller's own. */
function shortName(host: string): string {
  return host.replace(/(\.svc(\.cluster\.local)?)?(:|$)/, "$3");
}
