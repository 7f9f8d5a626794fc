import { WebSocket } from "ws";
import { subprotocol } from "./world-state.ts";

/** About twenty times the message of the 7,000 entities that fill one core; a longer one ends the connection. */
const longestMessage = 64 * 2 ** 20;

/** A connection to jaguar_server, for whatever purpose. */
export function connect(url: string): WebSocket {
  return new WebSocket(url, subprotocol, {
    // The server offers no compression; over loopback it would only cost time.
    perMessageDeflate: false,
    handshakeTimeout: 5000,
    maxPayload: longestMessage,
    // Text goes on as the bytes it came in.
    skipUTF8Validation: true,
  });
}
