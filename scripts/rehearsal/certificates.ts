import "reflect-metadata";
import { generateKeyPairSync } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A key pair for a server on this machine; the certificate is its own authority. PEM. */
export type ServingCertificate = { readonly certificate: string; readonly privateKey: string };

/** Makes a certificate for one DNS name, valid for the day of the rehearsal. */
export async function createServingCertificate(name: string): Promise<ServingCertificate> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const now = Date.now();
  const day = 24 * 60 * 60 * 1000;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    notBefore: new Date(now - day),
    notAfter: new Date(now + day),
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  const der = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    certificate: certificate.toString("pem"),
    privateKey: x509.PemConverter.encode(der, "PRIVATE KEY"),
  };
}

/** The key pair that signs service account tokens: 2048-bit RSA, PEM. */
export function createServiceAccountKey(): {
  readonly publicKey: string;
  readonly privateKey: string;
} {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}
