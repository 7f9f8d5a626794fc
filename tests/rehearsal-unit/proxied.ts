import { get } from "node:http";

/** Asks for a URL through an HTTP proxy, as a program with `HTTP_PROXY` does. */
export function proxied(
  proxy: string,
  url: string,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const { hostname, port } = new URL(proxy);
  const headers = { host: new URL(url).host };
  return new Promise((resolve, reject) => {
    get({ host: hostname, port, path: url, headers, agent: false }, (response) => {
      let body = "";
      response.on("data", (chunk) => {
        body += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, body }));
    }).on("error", reject);
  });
}
