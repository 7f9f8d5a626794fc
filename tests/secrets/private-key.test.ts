import { createPrivateKey } from "node:crypto";
import { expect, test } from "vitest";
import { readPrivateKeys, sealingKeySecret } from "../../scripts/secrets/private-key.ts";
import { certificatePem, fixture } from "./fixtures.ts";

const pkcs1 = fixture("private-key.pem");
const pkcs8 = createPrivateKey(pkcs1.slice(pkcs1.indexOf("-----BEGIN")))
  .export({ type: "pkcs8", format: "pem" })
  .toString();
const pair = { certificate: certificatePem, privateKey: pkcs8 };
const secret = await sealingKeySecret(pair, { namespace: "sealed-secrets" });

test("readPrivateKeys() reads PKCS#8, PKCS#1 and several keys", async () => {
  expect(await readPrivateKeys(pkcs8, "key.pem")).toHaveLength(1);
  expect(await readPrivateKeys(pkcs1, "key.pem")).toHaveLength(1);
  expect(await readPrivateKeys(`${pkcs8}${pkcs1}`, "key.pem")).toHaveLength(2);
});

test("readPrivateKeys() reads key Secrets as kubectl prints them", async () => {
  expect(await readPrivateKeys(JSON.stringify(secret), "key.yaml")).toHaveLength(1);
  const list = { apiVersion: "v1", kind: "List", items: [secret, secret] };
  expect(await readPrivateKeys(JSON.stringify(list), "keys.yaml")).toHaveLength(2);
});

test("readPrivateKeys() names the file and never its content", async () => {
  const broken = pkcs1.replace(/MII.{20}/, "MIIAAAAAAAAAAAAAAAAAAAA");
  for (const text of ["", "hello", "key: [", certificatePem, broken, `a: ${pkcs1.slice(0, 200)}`]) {
    await expect(readPrivateKeys(text, "old.pem")).rejects.toThrow(
      /^Cannot read a private key from "old.pem": it takes an RSA key as unencrypted PEM, or [^\n]*$/,
    );
  }
});

test("sealingKeySecret() is the Secret that the controller looks for", () => {
  expect(secret).toMatchObject({
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "sealed-secrets-key",
      namespace: "sealed-secrets",
      labels: { "sealedsecrets.bitnami.com/sealed-secrets-key": "active" },
    },
    type: "kubernetes.io/tls",
  });
  const { data } = secret as unknown as { data: Record<string, string> };
  expect(atob(data["tls.crt"] ?? "")).toBe(pair.certificate);
  expect(atob(data["tls.key"] ?? "")).toBe(pair.privateKey);
});

test("sealingKeySecret() refuses a private key that the certificate does not belong to", async () => {
  const wrong = { certificate: fixture("upstream.pem"), privateKey: pkcs8 };
  await expect(sealingKeySecret(wrong, { namespace: "sealed-secrets" })).rejects.toThrow(
    "the private key does not belong to the environment's certificate",
  );
});
