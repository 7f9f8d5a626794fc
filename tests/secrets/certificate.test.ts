import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import {
  createSealingKey,
  readCertificate,
  requireValid,
} from "../../scripts/secrets/certificate.ts";
import { readPrivateKeys } from "../../scripts/secrets/private-key.ts";
import { seal, unseal } from "../../scripts/secrets/seal.ts";
import { fixture } from "./fixtures.ts";

const created = await createSealingKey("sealed-secrets/dev", new Date("2026-02-03T04:05:06Z"));

test("createSealingKey() makes a certificate like the controller's own", () => {
  const x509 = new X509Certificate(created.certificate);
  expect(x509.subject).toBe("CN=sealed-secrets/dev");
  expect(x509.issuer).toBe("CN=sealed-secrets/dev");
  expect(new Date(x509.validFrom).toISOString()).toBe("2026-02-03T04:05:06.000Z");
  expect(new Date(x509.validTo).toISOString()).toBe("2036-02-03T04:05:06.000Z");
  const { publicKey } = x509;
  expect(publicKey.asymmetricKeyDetails?.modulusLength).toBe(4096);
});

test("createSealingKey() makes a pair: what the certificate seals, the private key opens", async () => {
  const { publicKey } = await readCertificate(created.certificate, "certificate.pem");
  const [privateKey] = await readPrivateKeys(created.privateKey, "key.pem");
  const binding = { name: "a", namespace: "b", scope: "strict" } as const;
  const value = Uint8Array.of(1, 2, 3);
  const sealed = await seal(publicKey, binding, value);
  expect(await unseal(privateKey as CryptoKey, binding, sealed)).toEqual(value);
});

test("readCertificate() reads the certificate that sealed-secrets tests itself with", async () => {
  const { publicKey, notAfter } = await readCertificate(fixture("upstream.pem"), "upstream.pem");
  expect(notAfter.toISOString()).toBe("2027-06-18T04:32:45.000Z");
  expect(publicKey.algorithm).toMatchObject({ name: "RSA-OAEP", modulusLength: 4096 });
});

test("readCertificate() keeps the certificate and nothing else of the file", async () => {
  const file = `${created.privateKey}\nSome words\n${created.certificate}`;
  const { pem } = await readCertificate(file, "both.pem");
  expect(pem).toBe(created.certificate);
});

test("readCertificate() says what is wrong with a file", async () => {
  await expect(readCertificate("hello", "clusters/dev/sealing-certificate.pem")).rejects.toThrow(
    'Cannot read the sealing certificate "clusters/dev/sealing-certificate.pem": there is no CERTIFICATE block in it; fetch it with "kubeseal --fetch-cert"',
  );
  await expect(readCertificate(fixture("elliptic.pem"), "e.pem")).rejects.toThrow(
    'it holds a key of the type "ec" and the controller\'s is "rsa"',
  );
  const broken = created.certificate.replace(/MII.{20}/, "MIIAAAAAAAAAAAAAAAAAAAA");
  await expect(readCertificate(broken, "b.pem")).rejects.toThrow(/^Cannot read the sealing/);
});

test("requireValid() refuses a certificate that ran out", async () => {
  const certificate = await readCertificate(fixture("upstream.pem"), "upstream.pem");
  expect(() => requireValid(certificate, "c.pem", new Date("2027-06-18T00:00:00Z"))).not.toThrow();
  expect(() => requireValid(certificate, "c.pem", new Date("2027-06-19T00:00:00Z"))).toThrow(
    'Cannot seal with "c.pem": the certificate ran out on 2027-06-18; renew it with "slipway secrets reseal ENV --new-key FILE"',
  );
});
