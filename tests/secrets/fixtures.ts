import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readCertificate } from "../../scripts/secrets/certificate.ts";
import { readPrivateKeys } from "../../scripts/secrets/private-key.ts";

/** A file of the fixtures: a key pair made by OpenSSL, and Secrets that kubeseal v0.40.0 sealed for it. */
export function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, "fixtures", name), "utf8");
}

export const certificatePem = fixture("certificate.pem");
export const certificate = await readCertificate(certificatePem, "certificate.pem");
export const [privateKey] = (await readPrivateKeys(fixture("private-key.pem"), "")) as [CryptoKey];

/** A moment inside the validity of the fixture's certificate. */
export const now = new Date("2030-01-01T00:00:00Z");
