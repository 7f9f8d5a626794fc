import { type Bytes, concat, encode } from "./bytes.ts";

/** How far a sealed value may travel: one Secret, one namespace, or the whole cluster. */
export const scopes = ["strict", "namespace-wide", "cluster-wide"] as const;

export type Scope = (typeof scopes)[number];

/** The Secret a value is sealed for. */
export type Binding = {
  readonly name: string;
  readonly namespace: string;
  readonly scope: Scope;
};

/** What the encryption is bound to: another label, and the controller cannot open the value. */
export function labelOf({ name, namespace, scope }: Binding): string {
  if (scope === "cluster-wide") return "";
  return scope === "namespace-wide" ? namespace : `${namespace}/${name}`;
}

/**
 * Seals one value as kubeseal does: a fresh AES-256-GCM key encrypts the value, RSA-OAEP encrypts
 * that key. The result is base64 of: length of the RSA part (16 bits) || RSA part || AES part.
 */
export async function seal(publicKey: CryptoKey, binding: Binding, value: Bytes): Promise<string> {
  const sessionKey = crypto.getRandomValues(new Uint8Array(SESSION_KEY_BYTES));
  const rsaPart = await crypto.subtle.encrypt(oaep(binding), publicKey, sessionKey);
  const aesPart = await crypto.subtle.encrypt(gcm, await aesKey(sessionKey), value);
  const length = new Uint8Array(2);
  new DataView(length.buffer).setUint16(0, rsaPart.byteLength);
  return concat(length, new Uint8Array(rsaPart), new Uint8Array(aesPart)).toBase64();
}

/** Opens a sealed value; undefined where this key or this binding does not fit. */
export async function unseal(
  privateKey: CryptoKey,
  binding: Binding,
  sealed: string,
): Promise<Bytes | undefined> {
  try {
    const bytes = Uint8Array.fromBase64(sealed);
    const length = new DataView(bytes.buffer).getUint16(0);
    const rsaPart = bytes.subarray(2, 2 + length);
    const sessionKey = await crypto.subtle.decrypt(oaep(binding), privateKey, rsaPart);
    const aesPart = bytes.subarray(2 + length);
    const key = await aesKey(new Uint8Array(sessionKey));
    return new Uint8Array(await crypto.subtle.decrypt(gcm, key, aesPart));
  } catch {
    return undefined;
  }
}

const SESSION_KEY_BYTES = 32;

// Each session key encrypts exactly one value, so a nonce of zeros never repeats.
const gcm = { name: "AES-GCM", iv: new Uint8Array(12) };

function oaep(binding: Binding): RsaOaepParams {
  return { name: "RSA-OAEP", label: encode(labelOf(binding)) };
}

function aesKey(bytes: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}
