import { createConnection, createServer, type Socket } from "node:net";

/** The API server's way to services inside the cluster: local ports stand in for ClusterIPs. */
export type Egress = {
  /** From now on `10.96.0.7:443` leads to a port on loopback. */
  readonly map: (clusterAddress: string, port: number) => void;
  /** What the API server tried to reach and nothing answers for, in order of the first try. */
  readonly refused: () => readonly string[];
  readonly close: () => void;
};

/**
 * Serves HTTP CONNECT on a Unix socket (EgressSelectorConfiguration, proxyProtocol HTTPConnect).
 * An address that is not mapped gets 502 at once: the API server would otherwise dial it out of
 * this machine.
 */
export async function openEgress(socket: string): Promise<Egress> {
  const ports = new Map<string, number>();
  const refused = new Set<string>();
  const open = new Set<Socket>();

  const server = createServer((connection) => {
    track(open, connection);
    let head = "";
    connection.on("data", function read(chunk: Buffer) {
      head += chunk.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      connection.off("data", read);
      connection.pause();
      const address = head.split(" ")[1] ?? "";
      const port = ports.get(address);
      if (port === undefined) {
        refused.add(address);
        connection.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
        return;
      }
      const upstream = createConnection({ host: "127.0.0.1", port }, () => {
        connection.write("HTTP/1.1 200 OK\r\n\r\n");
        connection.pipe(upstream);
        upstream.pipe(connection);
      });
      track(open, upstream);
      upstream.on("error", () => connection.destroy());
      connection.on("error", () => upstream.destroy());
      connection.on("close", () => upstream.destroy());
    });
    connection.on("error", () => connection.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, resolve);
  });
  return {
    map: (address, port) => {
      ports.set(address, port);
      refused.delete(address);
    },
    refused: () => [...refused],
    close() {
      server.close();
      for (const each of open) each.destroy();
    },
  };
}

function track(open: Set<Socket>, socket: Socket): void {
  open.add(socket);
  socket.once("close", () => open.delete(socket));
}
