import "reflect-metadata";
import { generateKeyPairSync } from "node:crypto";
import * as x509 from "@peculiar/x509";

/** A key pair for a server on this machine; the certificate is its own authority. PEM. */
export type ServingCertificate = { readonly certificate: string; readonly privateKey: string };

/** Makes a certificate for one DNS name, valid for the day of the rehearsal. */
export async function createServingCertificate(name: string): Promise<ServingCertificate> {
  const keys = await createKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    ...validToday(),
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  return { certificate: certificate.toString("pem"), privateKey: await printKey(keys) };
}

/** An authority and a client that it vouches for. PEM. */
export type ClientCertificate = ServingCertificate & { readonly authority: string };

/**
 * Makes what the API server shows to aggregated APIs, so that they believe it whom it speaks for
 * (kube-apiserver: `--proxy-client-cert-file`, `--requestheader-client-ca-file`).
 */
export async function createProxyCertificate(name: string): Promise<ClientCertificate> {
  const [authorityKeys, keys] = await Promise.all([createKeys(), createKeys()]);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}-authority`,
    keys: authorityKeys,
    ...validToday(),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: authority.subject,
    signingKey: authorityKeys.privateKey,
    publicKey: keys.publicKey,
    ...validToday(),
    extensions: [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
  });
  return {
    authority: authority.toString("pem"),
    certificate: certificate.toString("pem"),
    privateKey: await printKey(keys),
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

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function createKeys(): Promise<CryptoKeyPair> {
  return await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

function validToday() {
  const now = Date.now();
  const day = 24 * 60 * 60 * 1000;
  return {
    notBefore: new Date(now - day),
    notAfter: new Date(now + day),
    signingAlgorithm: algorithm,
  };
}

async function printKey({ privateKey }: CryptoKeyPair): Promise<string> {
  const der = await crypto.subtle.exportKey("pkcs8", privateKey);
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}
