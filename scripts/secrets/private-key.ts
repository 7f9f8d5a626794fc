import { createPrivateKey } from "node:crypto";
import { SlipwayError } from "../errors.ts";
import type { Manifest } from "../fleet/resource.ts";
import { parseYaml } from "../yaml/document.ts";
import { encode } from "./bytes.ts";
import { readCertificate, type SealingKey } from "./certificate.ts";
import { type PemBlock, parsePem, printPem } from "./pem.ts";
import { seal, unseal } from "./seal.ts";

/**
 * The private keys in a file: PEM (PKCS#8 or PKCS#1), or the key Secrets as `kubectl get secret -o yaml`
 * prints them, one or a list. Throws a `SlipwayError` that names the file and never its content.
 */
export async function readPrivateKeys(text: string, file: string): Promise<readonly CryptoKey[]> {
  try {
    const written = parsePem(text).filter(isPrivateKey);
    const blocks = written.length > 0 ? written : secretKeys(text).flatMap(parsePem);
    if (blocks.length > 0) return await Promise.all(blocks.map(importKey));
  } catch {
    // What a parser says may quote the key.
  }
  throw new SlipwayError(
    `Cannot read a private key from "${file}": it takes an RSA key as unencrypted PEM, or the controller's key Secrets as "kubectl get secret --selector ${KEY_LABEL} --output yaml" prints them`,
  );
}

/**
 * The Secret in which the sealed-secrets controller finds its key; it has to be there before the
 * controller's first start. Throws a `SlipwayError` where key and certificate are no pair.
 */
export async function sealingKeySecret(
  { certificate, privateKey }: SealingKey,
  { namespace, name = "sealed-secrets-key" }: { namespace: string; name?: string },
): Promise<Manifest> {
  const { publicKey } = await readCertificate(certificate, "sealing-certificate.pem");
  const [key] = await readPrivateKeys(privateKey, "the private key");
  const probe = { name, namespace, scope: "strict" } as const;
  const sealed = await seal(publicKey, probe, encode(name));
  if (key === undefined || (await unseal(key, probe, sealed)) === undefined) {
    throw new SlipwayError(
      `Cannot install the sealing key: the private key does not belong to the environment's certificate; give the one that "slipway secrets reseal --new-key FILE" wrote, or reseal the environment`,
    );
  }
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace, labels: { [KEY_LABEL]: "active" } },
    type: "kubernetes.io/tls",
    data: { "tls.crt": encode(certificate).toBase64(), "tls.key": encode(privateKey).toBase64() },
  };
}

const KEY_LABEL = "sealedsecrets.bitnami.com/sealed-secrets-key";

const PKCS8 = "PRIVATE KEY";
const PKCS1 = "RSA PRIVATE KEY";

function isPrivateKey({ type }: PemBlock): boolean {
  return type === PKCS8 || type === PKCS1;
}

function importKey({ type, bytes }: PemBlock): Promise<CryptoKey> {
  const key = createPrivateKey(printPem(type, bytes));
  const pkcs8 = Uint8Array.from(key.export({ type: "pkcs8", format: "der" }));
  const algorithm = { name: "RSA-OAEP", hash: "SHA-256" };
  return crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["decrypt"]);
}

/** The `tls.key` of each Secret in a YAML or JSON text. */
function secretKeys(text: string): string[] {
  return parseYaml(text, "").flatMap(({ value }) => {
    const { items } = value as { items?: unknown };
    return (Array.isArray(items) ? items : [value]).flatMap(tlsKey);
  });
}

function tlsKey(secret: { data?: Record<string, string> }): string[] {
  const encoded = secret.data?.["tls.key"];
  return encoded === undefined ? [] : [new TextDecoder().decode(Uint8Array.fromBase64(encoded))];
}
