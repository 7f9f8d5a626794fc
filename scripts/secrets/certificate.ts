import { X509Certificate } from "node:crypto";
import { SlipwayError } from "../errors.ts";
import type { Bytes } from "./bytes.ts";
import { parsePem, printPem } from "./pem.ts";

/** The public half of an environment's sealing key: all that sealing needs, so it lives in git. */
export type Certificate = {
  /** RSA-OAEP with SHA-256, for `seal`. */
  readonly publicKey: CryptoKey;
  readonly notAfter: Date;
  /** The certificate alone, whatever else the file held. */
  readonly pem: string;
};

/** A new key pair: the certificate goes to git, the private key to the cluster and nowhere else. */
export type SealingKey = { readonly certificate: string; readonly privateKey: string };

/** Reads the first certificate of a PEM file. Throws a `SlipwayError` that names the file. */
export async function readCertificate(text: string, file: string): Promise<Certificate> {
  const failure = `Cannot read the sealing certificate "${file}"`;
  const { bytes, x509 } = attempt(() => decode(text), failure);
  if (x509.publicKey.asymmetricKeyType !== "rsa") {
    throw new SlipwayError(
      `${failure}: it holds a key of the type "${x509.publicKey.asymmetricKeyType}" and the controller's is "rsa"; fetch it with "kubeseal --fetch-cert"`,
    );
  }
  const spki = Uint8Array.from(x509.publicKey.export({ type: "spki", format: "der" }));
  return {
    publicKey: await crypto.subtle.importKey("spki", spki, oaep, false, ["encrypt"]),
    notAfter: new Date(x509.validTo),
    pem: printPem("CERTIFICATE", bytes),
  };
}

/** Throws a `SlipwayError` where the certificate has run out: kubeseal refuses such a one too. */
export function requireValid({ notAfter }: Certificate, file: string, now: Date): void {
  if (notAfter > now) return;
  throw new SlipwayError(
    `Cannot seal with "${file}": the certificate ran out on ${notAfter.toISOString().slice(0, 10)}; renew it with "slipway secrets reseal ENV --new-key FILE"`,
  );
}

const oaep = { name: "RSA-OAEP", hash: "SHA-256" };

/** Makes a 4096-bit RSA key and a certificate like the controller's own: self-signed, ten years. */
export async function createSealingKey(commonName: string, now: Date): Promise<SealingKey> {
  const { createSelfSigned } = await import("./self-signed.ts");
  const { certificate, pkcs8 } = await createSelfSigned(commonName, now);
  return { certificate, privateKey: printPem("PRIVATE KEY", pkcs8) };
}

function decode(text: string): { bytes: Bytes; x509: X509Certificate } {
  const block = parsePem(text).find(({ type }) => type === "CERTIFICATE");
  if (block === undefined) throw new SyntaxError("there is no CERTIFICATE block in it");
  return { bytes: block.bytes, x509: new X509Certificate(printPem(block.type, block.bytes)) };
}

function attempt<T>(action: () => T, failure: string): T {
  try {
    return action();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SlipwayError(`${failure}: ${reason}; fetch it with "kubeseal --fetch-cert"`);
  }
}
