import type { Bytes } from "./bytes.ts";

/** One block of a PEM file: `CERTIFICATE`, `PRIVATE KEY`, … and its bytes. */
export type PemBlock = { readonly type: string; readonly bytes: Bytes };

/** The PEM text of one block. */
export function printPem(type: string, bytes: Uint8Array): string {
  const lines = bytes.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${type}-----`, ...lines, `-----END ${type}-----`, ""].join("\n");
}

/** Every block of a PEM file, whatever stands between them. Throws a `SyntaxError` on bad base64. */
export function parsePem(text: string): readonly PemBlock[] {
  return [...text.matchAll(PEM)].map(([, type = "", body = ""]) => ({
    type,
    bytes: Uint8Array.fromBase64(body),
  }));
}

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/g;
