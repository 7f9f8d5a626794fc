import { once } from "node:events";
import { request } from "node:http";

/** Asks a port on loopback in the name of any host, which `fetch` does not do. */
export async function ask(port: number, path: string, headers: Readonly<Record<string, string>>) {
  const asked = request({ host: "127.0.0.1", port, path, headers }).end();
  const [answer] = await once(asked, "response");
  let text = "";
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode as number, text };
}
