import { connect } from "./connect.ts";
import { readWorldState } from "./world-state.ts";

/**
 * Opens a connection, waits for the first state and closes it. A server whose loop hangs still accepts
 * connections, so nothing less shows that it works. Throws an `Error` that says what was missing.
 */
export async function probe(url: string, timeout: number): Promise<void> {
  const socket = connect(url);
  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no state within ${timeout / 1000} s of connecting`)),
        timeout,
      );
      socket.on("message", (message: Buffer) => readWorldState(message) && resolve());
      socket.on("error", reject);
      socket.on("close", () => reject(new Error("it ended the connection before any state")));
      socket.on("close", () => clearTimeout(timer));
    });
  } finally {
    // After a closing handshake a server that hangs would hold the connection.
    socket.terminate();
  }
}
