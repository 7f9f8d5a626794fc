import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Binding, labelOf, scopes, seal, unseal } from "../../scripts/secrets/seal.ts";
import { parseSealedSecret } from "../../scripts/secrets/sealed-secret.ts";
import { certificate, certificatePem, fixture, privateKey } from "./fixtures.ts";

const strict: Binding = { name: "router", namespace: "llm", scope: "strict" };
const { publicKey } = certificate;

test("unseal() gives back what seal() was given, whatever the bytes", async () => {
  const binding = fc.record({
    name: fc.stringMatching(/^[a-z0-9]{1,20}$/),
    namespace: fc.stringMatching(/^[a-z0-9]{1,20}$/),
    scope: fc.constantFrom(...scopes),
  });
  await fc.assert(
    fc.asyncProperty(binding, fc.uint8Array({ maxLength: 5_000 }), async (to, bytes) => {
      const value = Uint8Array.from(bytes);
      expect(await unseal(privateKey, to, await seal(publicKey, to, value))).toEqual(value);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ["strict", "llm/router"],
  ["namespace-wide", "llm"],
  ["cluster-wide", ""],
] as const)("labelOf() is what kubeseal binds a %s value to", (scope, label) => {
  expect(labelOf({ ...strict, scope })).toBe(label);
});

const elsewhere = { name: "other", namespace: "llm" };
const abroad = { name: "router", namespace: "other" };

test.each([
  ["strict", elsewhere, false],
  ["strict", abroad, false],
  ["namespace-wide", elsewhere, true],
  ["namespace-wide", abroad, false],
  ["cluster-wide", elsewhere, true],
  ["cluster-wide", abroad, true],
] as const)("seal() with the scope %s, opened as %o: %s", async (scope, place, opens) => {
  const sealed = await seal(publicKey, { ...strict, scope }, new Uint8Array(3));
  expect((await unseal(privateKey, { ...place, scope }, sealed)) !== undefined).toBe(opens);
});

test("seal() never gives the same text twice", async () => {
  const value = new Uint8Array(3);
  expect(await seal(publicKey, strict, value)).not.toBe(await seal(publicKey, strict, value));
});

test("unseal() opens nothing that was changed on the way", async () => {
  const sealed = Uint8Array.fromBase64(await seal(publicKey, strict, new Uint8Array(40)));
  for (const at of [0, 1, 2, 100, 258, sealed.length - 1]) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(await unseal(privateKey, strict, changed.toBase64())).toBeUndefined();
  }
  for (const text of ["", "AQ==", "no base64!"]) {
    expect(await unseal(privateKey, strict, text)).toBeUndefined();
  }
});

test.each(scopes)("unseal() opens what kubeseal sealed with the scope %s", async (scope) => {
  const { encrypted } = parseSealedSecret(fixture(`${scope}.yaml`), `${scope}.yaml`);
  const binding = { name: "llm-runner-secrets", namespace: "llm-runner-router", scope };
  const opened = await Promise.all(
    [...encrypted].map(async ([key, sealed]) => {
      const bytes = await unseal(privateKey, binding, sealed);
      return [key, bytes && new TextDecoder().decode(bytes)];
    }),
  );
  expect(Object.fromEntries(opened)).toEqual({
    "byok-encryption-key": "0123456789abcdef",
    "jwt-secret": "correct horse battery staple",
  });
});

// The format once more, written from kubeseal's crypto.go on Node's own primitives.
const oaep = {
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: "sha256",
  oaepLabel: Buffer.from("llm/router"),
};

test("seal() writes length, RSA part and AES part as kubeseal lays them out", async () => {
  const sealed = Buffer.from(
    await seal(publicKey, strict, new TextEncoder().encode("value")),
    "base64",
  );
  expect(sealed.readUInt16BE(0)).toBe(256);
  const key = createPrivateKey(pemOf(fixture("private-key.pem")));
  const sessionKey = privateDecrypt({ key, ...oaep }, sealed.subarray(2, 258));
  expect(sessionKey).toHaveLength(32);
  const gcm = createDecipheriv("aes-256-gcm", sessionKey, Buffer.alloc(12));
  gcm.setAuthTag(sealed.subarray(-16));
  expect(gcm.update(sealed.subarray(258, -16), undefined, "utf8") + gcm.final("utf8")).toBe(
    "value",
  );
});

test("unseal() opens a value put together by hand", async () => {
  const sessionKey = randomBytes(32);
  const rsaPart = publicEncrypt({ key: certificatePem, ...oaep }, sessionKey);
  const gcm = createCipheriv("aes-256-gcm", sessionKey, Buffer.alloc(12));
  const aesPart = [gcm.update("value"), gcm.final(), gcm.getAuthTag()];
  const sealed = Buffer.concat([Buffer.from([1, 0]), rsaPart, ...aesPart]).toString("base64");
  const opened = await unseal(privateKey, strict, sealed);
  expect(new TextDecoder().decode(opened)).toBe("value");
});

function pemOf(text: string): string {
  return text.slice(text.indexOf("-----BEGIN"));
}
