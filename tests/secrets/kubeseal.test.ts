import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createSealingKey, readCertificate } from "../../scripts/secrets/certificate.ts";
import { readPrivateKeys, sealingKeySecret } from "../../scripts/secrets/private-key.ts";
import { type Binding, type Scope, scopes, seal, unseal } from "../../scripts/secrets/seal.ts";
import {
  parseSealedSecret,
  printSealedSecret,
  updateSealedSecret,
} from "../../scripts/secrets/sealed-secret.ts";
import { run } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";

// The real kubeseal on one side, ours on the other, and a key pair of ours between them.
const kubeseal = await tool("kubeseal");
const directory = mkdtempSync(join(tmpdir(), "slipway-kubeseal-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const pair = await createSealingKey("sealed-secrets/test", new Date());
const { publicKey } = await readCertificate(pair.certificate, "certificate.pem");
const [privateKey] = (await readPrivateKeys(pair.privateKey, "key.pem")) as [CryptoKey];
const certificateFile = save("certificate.pem", pair.certificate);
const keyFile = save("key.pem", pair.privateKey);

const noKeys = { keys: new Map() };
const values = {
  "jwt-secret": new TextEncoder().encode("correct horse battery staple"),
  "key.pem": new TextEncoder().encode("several\nlines, and ünïcödé\n"),
  bytes: Uint8Array.from({ length: 256 }, (_, index) => index),
  empty: new Uint8Array(),
  large: new Uint8Array(4_000).fill(7),
};

test.each(scopes)("kubeseal opens a SealedSecret of ours with the scope %s", async (scope) => {
  const text = await sealed(scope);
  const secret = await recover(text);
  expect(secret.metadata).toMatchObject({ name: "router-secrets", namespace: "llm" });
  for (const [key, value] of Object.entries(values)) {
    // Go prints an empty value as null.
    expect(secret.data[key] ?? "").toBe(value.toBase64());
  }
});

test.each([
  ["strict", "name", false],
  ["strict", "namespace", false],
  ["namespace-wide", "name", true],
  ["namespace-wide", "namespace", false],
  ["cluster-wide", "name", true],
  ["cluster-wide", "namespace", true],
] as const)("kubeseal opens a %s value that has another %s: %s", async (scope, field, opens) => {
  const text = (await sealed(scope)).replace(
    new RegExp(`^  ${field}: .*$`, "m"),
    `  ${field}: other`,
  );
  const { exitCode } = await unsealing(text);
  expect(exitCode === 0).toBe(opens);
});

test("kubeseal opens a file in which one value was spliced", async () => {
  const before = parseSealedSecret(await sealed("strict"), "s.yaml");
  const value = await seal(publicKey, bound("strict"), new TextEncoder().encode("new"));
  const encrypted = new Map(before.encrypted).set("added", value).set("bytes", value);
  const { data } = await recover(updateSealedSecret(before, noKeys, encrypted));
  expect(data).toMatchObject({
    added: btoa("new"),
    bytes: btoa("new"),
    "jwt-secret": values["jwt-secret"].toBase64(),
  });
});

test("kubeseal renders a template as the controller does", async () => {
  const declared = {
    type: "kubernetes.io/basic-auth",
    labels: { "rabbitmq.com/topology-operator": "true" },
    keys: new Map([
      ["username", { kind: "template", template: "ml" } as const],
      ["url", { kind: "template", template: 'amqp://ml:{{ index . "pass-word" }}@mq' } as const],
    ]),
  };
  const password = await seal(publicKey, bound("strict"), new TextEncoder().encode("s3cret"));
  const text = printSealedSecret(bound("strict"), declared, new Map([["pass-word", password]]));
  expect(await recover(text)).toMatchObject({
    type: "kubernetes.io/basic-auth",
    metadata: { labels: { "rabbitmq.com/topology-operator": "true" } },
    data: {
      "pass-word": btoa("s3cret"),
      username: btoa("ml"),
      url: btoa("amqp://ml:s3cret@mq"),
    },
  });
});

test("kubeseal opens a Secret whose values are all still to be supplied", async () => {
  const { data } = await recover(printSealedSecret(bound("strict"), noKeys, new Map()));
  expect(data ?? {}).toEqual({});
});

test("kubeseal takes the key Secret of ours as a backup of the controller's", async () => {
  const secret = await sealingKeySecret(pair, { namespace: "sealed-secrets" });
  const backup = save("backup.json", JSON.stringify(secret));
  const { exitCode } = await unsealing(await sealed("strict"), backup);
  expect(exitCode).toBe(0);
});

test.each(scopes)("ours opens a value that kubeseal sealed with the scope %s", async (scope) => {
  for (const value of Object.values(values)) {
    const { stdout, stderr, exitCode } = await run(
      kubeseal,
      [
        ...["--raw", "--from-file", "/dev/stdin", "--cert", certificateFile],
        ...["--scope", scope, "--name", "router-secrets", "--namespace", "llm"],
      ],
      { input: Buffer.from(value) },
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(await unseal(privateKey, bound(scope), stdout.trim())).toEqual(value);
  }
});

test("kubeseal seals for our certificate as a whole Secret, and ours edits the file", async () => {
  const input = JSON.stringify({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "router-secrets", namespace: "llm" },
    data: { a: btoa("one"), b: btoa("two") },
  });
  const { stdout } = await run(kubeseal, ["--cert", certificateFile, "--format", "yaml"], {
    input,
  });
  const theirs = parseSealedSecret(stdout, "s.yaml");
  const encrypted = new Map(theirs.encrypted);
  encrypted.delete("a");
  const { data } = await recover(updateSealedSecret(theirs, noKeys, encrypted));
  expect(data).toEqual({ b: btoa("two") });
});

function bound(scope: Scope): Binding {
  return { name: "router-secrets", namespace: "llm", scope };
}

async function sealed(scope: Scope): Promise<string> {
  const binding = bound(scope);
  const encrypted = new Map<string, string>();
  for (const [key, value] of Object.entries(values)) {
    encrypted.set(key, await seal(publicKey, binding, value));
  }
  return printSealedSecret(binding, noKeys, encrypted);
}

function unsealing(text: string, file = keyFile) {
  return run(kubeseal, ["--recovery-unseal", "--recovery-private-key", file], { input: text });
}

async function recover(text: string) {
  const { stdout, stderr, exitCode } = await unsealing(text);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout);
}

function save(name: string, content: string): string {
  const file = join(directory, name);
  writeFileSync(file, content);
  return file;
}
