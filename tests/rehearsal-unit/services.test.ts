import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createConnection } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openServices, type Services } from "../../scripts/rehearsal/services.ts";
import { freePorts } from "../../scripts/rehearsal/workspace.ts";
import { ask } from "./ask.ts";

let services: Services;
beforeEach(async () => {
  services = await openServices();
});
afterEach(() => services.close());

/** Asks by the proxy, as a program with HTTP_PROXY does. */
function askFor(url: string) {
  return ask(Number(new URL(services.proxy).port), url, { host: new URL(url).host });
}

/** A server on loopback that says what it was asked for, and by which name. */
async function echo(): Promise<{ port: number; close: () => void }> {
  const server = createServer(({ url, headers }, response) => {
    response.writeHead(203).end(`${headers.host} ${url}`);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

test("openServices() leads every name that a cluster's DNS has for a Service to its port", async () => {
  const { port, close } = await echo();
  services.lead("broker.systems.svc:15672", port);
  for (const host of ["broker.systems", "broker.systems.svc", "broker.systems.svc.cluster.local"]) {
    expect(await askFor(`http://${host}:15672/api/queues/%2F/a?b=c`)).toEqual({
      status: 203,
      text: `${host}:15672 /api/queues/%2F/a?b=c`,
    });
  }
  close();
});

test("openServices() answers 502 for a name without a namespace, another namespace and another port", async () => {
  services.lead("broker.systems.svc:15672", 1);
  for (const host of ["broker:15672", "broker.others.svc:15672", "broker.systems.svc:80"]) {
    const text = `The rehearsal has nothing at ${host}\n`;
    expect(await askFor(`http://${host}/`)).toEqual({ status: 502, text });
  }
});

test("openServices() hangs up where nothing listens behind a Service", async () => {
  const [port = 0] = await freePorts(1);
  services.lead("broker.systems.svc:15672", port);
  await expect(askFor("http://broker.systems.svc:15672/")).rejects.toThrow("socket hang up");
});

test("openServices() lets nobody through to another machine", async () => {
  const { hostname: host, port } = new URL(services.proxy);
  const connection = createConnection({ host, port: Number(port) }).setEncoding("utf8");
  connection.write("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n");
  expect(await once(connection, "data")).toEqual(["HTTP/1.1 502 Bad Gateway\r\n\r\n"]);
});
