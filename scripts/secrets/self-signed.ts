import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { printPem } from "./pem.ts";

/** A 4096-bit RSA key in PKCS#8 and its self-signed certificate in PEM, valid for ten years. */
export async function createSelfSigned(
  commonName: string,
  now: Date,
): Promise<{ readonly certificate: string; readonly pkcs8: Uint8Array }> {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 4096,
    publicExponent: Uint8Array.of(1, 0, 1),
  };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + 10);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }],
    keys,
    notBefore: now,
    notAfter,
    signingAlgorithm: algorithm,
    // The two extensions that the controller writes.
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.encipherOnly, true),
      new x509.BasicConstraintsExtension(true, undefined, true),
    ],
  });
  return {
    certificate: printPem("CERTIFICATE", new Uint8Array(certificate.rawData)),
    pkcs8: new Uint8Array(await crypto.subtle.exportKey("pkcs8", keys.privateKey)),
  };
}
