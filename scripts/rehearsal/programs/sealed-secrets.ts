import type { Program } from "./program.ts";

/** Unseals SealedSecrets with the key that bootstrap installed. */
export const sealedSecrets: Program = {
  namespace: "sealed-secrets",
  deployment: "sealed-secrets",
  serviceAccount: "sealed-secrets",
  tool: "sealed-secrets-controller",
  ports: ["sealed-secrets"],
  command: ({ namespace, port }) => ({
    args: [namespace, `127.0.0.1:${port("sealed-secrets")}`],
  }),
  ready: { scheme: "http", port: "sealed-secrets", path: "/healthz" },
};
