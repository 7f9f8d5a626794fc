import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readPrivateKeys } from "../../scripts/secrets/private-key.ts";
import { unseal } from "../../scripts/secrets/seal.ts";
import { parseSealedSecret } from "../../scripts/secrets/sealed-secret.ts";
import { run } from "../../scripts/tools/process.ts";
import { certificatePem, fixture, privateKey } from "./fixtures.ts";

const directory = mkdtempSync(join(tmpdir(), "slipway-secrets-"));
const root = join(directory, "fleet");
const sealedFile = "overlays/dev/router/sealed-secret.yaml";
const certificateFile = "clusters/dev/sealing-certificate.pem";
beforeAll(() => mkdirSync(root));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(root, { recursive: true });
  for (const [file, content] of Object.entries({
    "base/router/secrets.yaml": `
secrets:
  - name: router-secrets
    keys:
      jwt-secret: {generate: {length: 48, alphabet: alphanumeric}}
      license: {supply: Ask the vendor}
      token: {supply: Make one at https://example.com, optional: true}
`,
    "overlays/dev/router/kustomization.yaml": "namespace: llm\nresources: [sealed-secret.yaml]\n",
    [certificateFile]: certificatePem,
  })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
});

test("slipway secrets list exits with 1 while something is missing", async () => {
  const { stdout, exitCode } = await slipway(["list"]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(
    "router/router-secrets/license     supplied   missing: Ask the vendor\n",
  );
  const { stdout: json } = await slipway(["list", "dev", "--reporter", "json"]);
  expect(JSON.parse(json)).toMatchObject([
    { environment: "dev", keys: [{ key: "jwt-secret" }, {}, {}] },
  ]);
});

test("slipway secrets generate shows the plan and writes nothing without --write", async () => {
  const { stdout, exitCode } = await slipway(["generate", "dev"]);
  expect(stdout).toMatchInlineSnapshot(`
    "Generate 1 key in "dev":
    overlays/dev/router/sealed-secret.yaml
      generate  jwt-secret
    Still to be supplied:
      router/router-secrets/license: Ask the vendor
      router/router-secrets/token (optional): Make one at https://example.com
    Nothing is written: run it again with --write
    "
  `);
  expect(exitCode).toBe(1);
  expect(files()).not.toContain("sealed-secret.yaml");
});

test("slipway secrets generate and seal with --write leave a complete environment and print no value", async () => {
  const generated = await slipway(["generate", "dev", "--write"]);
  const sealed = await slipway(["seal", "dev", "router", "license", "--write"], "hunter2hunter2\n");
  expect(sealed).toMatchObject({ exitCode: 0, stderr: "" });
  const listed = await slipway(["list"]);
  expect(listed.exitCode).toBe(0);
  const values = await open([privateKey]);
  expect(values).toEqual({
    "jwt-secret": expect.stringMatching(/^[A-Za-z0-9]{48}$/),
    license: "hunter2hunter2",
  });
  const printed = [generated, sealed, listed].map(({ stdout, stderr }) => stdout + stderr).join("");
  for (const value of Object.values(values)) expect(printed).not.toContain(value);
});

test("slipway secrets seal reads no value without --write", async () => {
  const { stdout, exitCode } = await slipway(["seal", "dev", "router", "license"]);
  expect(stdout).toBe(
    `Seal "license" of "router" in "dev":\n${sealedFile}\n  seal      license\nNothing is written: run it again with --write\n`,
  );
  expect(exitCode).toBe(0);
});

test("slipway secrets seal exits with 2 on an unknown key and on an empty value", async () => {
  expect(await slipway(["seal", "dev", "router", "licence", "--write"], "hunter2")).toMatchObject({
    exitCode: 2,
    stderr:
      'Cannot seal "licence" of "router": the declared keys are "jwt-secret", "license", "token"\n',
  });
  expect(await slipway(["seal", "dev", "router", "license", "--write"], "\n")).toMatchObject({
    exitCode: 2,
    stderr: "Cannot seal an empty value: give it on standard input\n",
  });
});

test("slipway secrets reseal gives an environment a key of its own", async () => {
  const keyFile = join(directory, "new-key.pem");
  await slipway(["generate", "dev", "--write"]);
  const dry = await slipway(["reseal", "dev", "--new-key", keyFile]);
  expect(dry.stdout).toContain(`The private key would go to "${keyFile}"\n`);
  expect(readdirSync(directory)).toEqual(["fleet"]);

  const { stdout, exitCode } = await slipway(
    ["reseal", "dev", "--new-key", keyFile, "--stdin", "--write"],
    "router/router-secrets/license=hunter2\n",
  );
  expect(exitCode).toBe(0);
  expect(stdout).toBe(`The private key is in "${keyFile}"
Generate 1 key, seal 1 key in "dev":
${certificateFile}
${sealedFile}
  generate  jwt-secret
  seal      license
Still to be supplied:
  router/router-secrets/token (optional): Make one at https://example.com
Written
`);
  const keys = await readPrivateKeys(readFileSync(keyFile, "utf8"), keyFile);
  const first = await open(keys);
  expect(first).toMatchObject({ license: "hunter2" });
  expect(files()).not.toContain("new-key.pem");

  // And on to another certificate with the key so far: same values.
  const other = join(directory, "certificate.pem");
  writeFileSync(other, fixture("certificate.pem"));
  const moved = await slipway([
    ...["reseal", "dev", "--certificate", other, "--old-key", keyFile, "--write"],
  ]);
  expect(moved.stdout).toContain('Reseal 2 keys in "dev":\n');
  expect(await open([privateKey])).toEqual(first);
});

test("slipway secrets reseal lists what nobody supplied and exits with 1", async () => {
  const { stdout, exitCode } = await slipway(["reseal", "dev", "--write"]);
  expect(exitCode).toBe(1);
  expect(stdout).toContain("  router/router-secrets/license: Ask the vendor\n");
});

test("slipway secrets reseal refuses what would lose or leak a key", async () => {
  const attempt = async (...args: string[]) => await slipway(["reseal", "dev", ...args, "--write"]);
  expect(await attempt("--new-key", join(root, "key.pem"))).toMatchObject({
    exitCode: 2,
    stderr: `Cannot write the private key to "${join(root, "key.pem")}": it is inside the repository "${root}"; name a file outside, where git cannot pick it up\n`,
  });
  const existing = join(root, certificateFile);
  expect(await attempt("--new-key", "/tmp/x.pem", "--certificate", existing)).toMatchObject({
    exitCode: 2,
    stderr:
      'Cannot reseal with both "--new-key" and "--certificate": a new key brings its own certificate, give one of them\n',
  });
  expect(
    await slipway(["reseal", "dev", "--stdin"], "router/router-secrets/jwt-secret=a"),
  ).toMatchObject({
    exitCode: 2,
    stderr:
      'Cannot use the value for "router/router-secrets/jwt-secret": the keys to supply are "router/router-secrets/license", "router/router-secrets/token"\n',
  });
  expect(files()).not.toContain("sealed-secret.yaml");
});

function slipway(args: readonly string[], input = "") {
  const cli = join(import.meta.dirname, "cli.ts");
  const options = { cwd: root, input, env: { ...process.env, NO_COLOR: "1" } };
  return run(process.execPath, ["run", "--allow-all", cli, "secrets", ...args], options);
}

function files(): string {
  return readdirSync(root, { recursive: true }).join("\n");
}

async function open(keys: readonly CryptoKey[]): Promise<Record<string, string>> {
  const text = readFileSync(join(root, sealedFile), "utf8");
  const { name, namespace = "", scope, encrypted } = parseSealedSecret(text, sealedFile);
  const values: Record<string, string> = {};
  for (const [key, sealed] of encrypted) {
    for (const privateKey of keys) {
      const bytes = await unseal(privateKey, { name, namespace, scope }, sealed);
      if (bytes !== undefined) values[key] = new TextDecoder().decode(bytes);
    }
  }
  return values;
}
