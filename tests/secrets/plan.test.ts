import { expect, test } from "vitest";
import { readCertificate } from "../../scripts/secrets/certificate.ts";
import type { MissingKey, SecretsPlan } from "../../scripts/secrets/plan.ts";
import { planGenerate } from "../../scripts/secrets/plan-generate.ts";
import { planReseal } from "../../scripts/secrets/plan-reseal.ts";
import { planSeal } from "../../scripts/secrets/plan-seal.ts";
import { renderPlan } from "../../scripts/secrets/report.ts";
import { unseal } from "../../scripts/secrets/seal.ts";
import { parseSealedSecret } from "../../scripts/secrets/sealed-secret.ts";
import { memoryTree, overlayTree } from "../../scripts/tree/memory.ts";
import { readText, type Tree } from "../../scripts/tree/tree.ts";
import { certificate, certificatePem, fixture, now, privateKey } from "./fixtures.ts";

const declaration = `
secrets:
  - name: router-secrets
    keys:
      jwt-secret: {generate: {length: 48, alphabet: alphanumeric}}
      cipher-key: {generate: {length: 64, alphabet: hex}}
      license: {supply: Ask the vendor}
      token: {supply: Make one at https://example.com, optional: true}
      url: {template: 'https://{{ .license }}@example.com'}
`;

const kustomization =
  "namespace: llm\nresources:\n  - ../../../base/router\n  - sealed-secret.yaml\n";

const fleet = memoryTree({
  "base/router/secrets.yaml": declaration,
  "base/plain/deployment.yaml": "",
  "clusters/dev/sealing-certificate.pem": certificatePem,
  "overlays/dev/router/kustomization.yaml": kustomization,
  "overlays/dev/plain/kustomization.yaml": "",
  "overlays/prod/router/kustomization.yaml": kustomization,
});

const file = "overlays/dev/router/sealed-secret.yaml";
const dev = { environment: "dev", now };

test("planGenerate() seals each generated key, and says what a person has to supply", async () => {
  const plan = await planGenerate(fleet, dev);
  expect(renderPlan(plan)).toMatchInlineSnapshot(`
    "Generate 2 keys in "dev":
    overlays/dev/router/sealed-secret.yaml
      generate  jwt-secret
      generate  cipher-key
    Still to be supplied:
      router/router-secrets/license: Ask the vendor
      router/router-secrets/token (optional): Make one at https://example.com
    "
  `);
  const opened = await open(applied(fleet, plan));
  expect(opened).toEqual({
    "jwt-secret": expect.stringMatching(/^[A-Za-z0-9]{48}$/),
    "cipher-key": expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test("planGenerate() has nothing to do the second time", async () => {
  const plan = await planGenerate(applied(fleet, await planGenerate(fleet, dev)), dev);
  expect(plan).toMatchObject({ summary: 'Nothing to seal in "dev"', writes: [] });
});

test("planGenerate() keeps what is sealed, adds what is new, and drops what is no longer declared", async () => {
  const before = applied(fleet, await planGenerate(fleet, dev));
  const changed = declaration.replace("cipher-key:", "session-key:");
  const tree = overlayTree(before, { "base/router/secrets.yaml": changed });
  const plan = await planGenerate(tree, dev);
  expect(renderPlan(plan)).toContain("  generate  session-key\n  drop      cipher-key\n");
  const opened = await open(applied(tree, plan));
  expect(Object.keys(opened)).toEqual(["jwt-secret", "session-key"]);
  expect(opened["jwt-secret"]).toBe((await open(before))["jwt-secret"]);
});

test("planGenerate() gives a rotated key a new value and leaves the others", async () => {
  const before = applied(fleet, await planGenerate(fleet, dev));
  const plan = await planGenerate(before, { ...dev, app: "router", rotate: "jwt-secret" });
  expect(plan.summary).toBe('Rotate 1 key in "dev"');
  const [old, fresh] = [await open(before), await open(applied(before, plan))];
  expect(fresh["jwt-secret"]).not.toBe(old["jwt-secret"]);
  expect(fresh["cipher-key"]).toBe(old["cipher-key"]);
});

test("planGenerate() rotates what is generated, in one app", async () => {
  const rotate = (key: string, app?: string) =>
    planGenerate(fleet, { ...dev, rotate: key, ...(app && { app }) });
  await expect(rotate("jwt-secret")).rejects.toThrow(
    'Cannot rotate "jwt-secret" in every app at once: name one with "--app"',
  );
  await expect(rotate("license", "router")).rejects.toThrow(
    'Cannot rotate "license": the generated keys of "router" are "jwt-secret", "cipher-key"',
  );
});

test("planGenerate() names two Secrets of an app by their names, and keeps the file of an old one", async () => {
  const second = `${declaration}  - name: other\n    keys: {a: {generate: {length: 16, alphabet: hex}}}\n`;
  const tree = overlayTree(fleet, { "base/router/secrets.yaml": second });
  expect((await planGenerate(tree, dev)).writes.map((write) => write.file)).toEqual([
    "overlays/dev/router/sealed-secret-router-secrets.yaml",
    "overlays/dev/router/sealed-secret-other.yaml",
  ]);
  const before = applied(fleet, await planGenerate(fleet, dev));
  const grown = overlayTree(before, { "base/router/secrets.yaml": second });
  const plan = await planGenerate(grown, dev);
  expect(plan.writes.map((write) => write.file)).toEqual([
    "overlays/dev/router/sealed-secret-other.yaml",
  ]);
  expect(plan.notes).toEqual([
    '"overlays/dev/router/sealed-secret-other.yaml" is not among the resources of its kustomization.yaml: add it',
  ]);
});

test("planGenerate() leaves a Secret out of the environments that it is not for", async () => {
  const elsewhere = declaration.replace("    keys:", "    environments: [prod]\n    keys:");
  const before = applied(fleet, await planGenerate(fleet, dev));
  const tree = overlayTree(before, { "base/router/secrets.yaml": elsewhere });
  const plan = await planGenerate(tree, dev);
  expect(plan.writes).toEqual([]);
  expect(plan.notes).toEqual([
    `"${file}" holds "router-secrets", which "router" does not declare: remove the file and its line in kustomization.yaml`,
  ]);
});

test("planGenerate() refuses values that are sealed for another namespace or scope", async () => {
  const before = applied(fleet, await planGenerate(fleet, dev));
  const moved = { "overlays/dev/router/kustomization.yaml": "namespace: other" };
  await expect(planGenerate(overlayTree(before, moved), dev)).rejects.toThrow(
    `Cannot use "${file}": it is sealed for the namespace "llm" and the overlay's is "other"; remove the file and seal its values again`,
  );
  const wider = declaration.replace("    keys:", "    scope: cluster-wide\n    keys:");
  await expect(
    planGenerate(overlayTree(before, { "base/router/secrets.yaml": wider }), dev),
  ).rejects.toThrow('it is sealed with the scope "strict" and declared "cluster-wide"');
});

test("planGenerate() says what an environment lacks", async () => {
  await expect(planGenerate(fleet, { environment: "test", now })).rejects.toThrow(
    'Cannot read the secrets of "test": the environments are "dev", "prod"',
  );
  await expect(planGenerate(fleet, { environment: "prod", now })).rejects.toThrow(
    'Cannot seal for "prod": there is no "clusters/prod/sealing-certificate.pem"; make one with "slipway secrets reseal prod --new-key FILE"',
  );
  await expect(planGenerate(fleet, { ...dev, app: "plain" })).rejects.toThrow(
    'Cannot read the secrets of "plain": there is no "base/plain/secrets.yaml"; declare them there',
  );
  await expect(planGenerate(fleet, { ...dev, app: "rooter" })).rejects.toThrow(
    'Cannot read the secrets of "rooter": it has no overlay in "dev"; the apps with secrets there are "router"',
  );
  const nameless = overlayTree(fleet, {
    "overlays/dev/router/kustomization.yaml": "resources: []",
  });
  await expect(planGenerate(nameless, dev)).rejects.toThrow(
    'Cannot tell the namespace of the secrets in "overlays/dev/router": its kustomization.yaml has no "namespace"; set it there, sealed values are bound to it',
  );
  await expect(
    planGenerate(fleet, { environment: "dev", now: new Date("2200-01-01") }),
  ).rejects.toThrow(
    'Cannot seal with "clusters/dev/sealing-certificate.pem": the certificate ran out on ',
  );
});

const value = new TextEncoder().encode("from the vendor");

test("planSeal() adds one value and changes no other line", async () => {
  const before = applied(fleet, await planGenerate(fleet, dev));
  const plan = await planSeal(before, { ...dev, app: "router", key: "license", value });
  expect(renderPlan(plan)).toBe(
    `Seal "license" of "router" in "dev":\n${file}\n  seal      license\n`,
  );
  const text = readText(applied(before, plan), file) ?? "";
  expect(text.replace(/ {4}license: .*\n/, "")).toBe(readText(before, file));
  expect(await open(applied(before, plan))).toMatchObject({ license: "from the vendor" });
});

test("planSeal() begins a file where there is none", async () => {
  const plan = await planSeal(fleet, { ...dev, app: "router", key: "license", value });
  expect(await open(applied(fleet, plan))).toEqual({ license: "from the vendor" });
});

test("planSeal() takes declared keys that are no templates, of one Secret", async () => {
  const attempt = (tree: Tree, key: string, secret?: string) =>
    planSeal(tree, { ...dev, app: "router", key, value, ...(secret && { secret }) });
  await expect(attempt(fleet, "licence")).rejects.toThrow(
    'Cannot seal "licence" of "router": the declared keys are "jwt-secret", "cipher-key", "license", "token", "url"',
  );
  await expect(attempt(fleet, "url")).rejects.toThrow(
    'Cannot seal "url" of "router": the controller makes it from a template; seal the keys that the template refers to',
  );
  const second = `${declaration}  - name: other\n    keys: {license: {supply: Ask}}\n`;
  const tree = overlayTree(fleet, { "base/router/secrets.yaml": second });
  await expect(attempt(tree, "license")).rejects.toThrow(
    'Cannot seal "license" of "router": "router-secrets", "other" have this key; name one with "--secret"',
  );
  const { writes } = await attempt(tree, "license", "other");
  expect(writes.map((write) => write.file)).toEqual([
    "overlays/dev/router/sealed-secret-other.yaml",
  ]);
});

const old = await readCertificate(fixture("upstream.pem"), "upstream.pem");
const early = new Date("2027-01-01");
const nobody = async () => undefined;

test("planReseal() with the old private key changes the seal and no value", async () => {
  const generated = applied(fleet, await planGenerate(fleet, dev));
  const before = applied(
    generated,
    await planSeal(generated, { ...dev, app: "router", key: "license", value }),
  );
  const request = { ...dev, certificate, oldKeys: [privateKey], supply: nobody };
  const plan = await planReseal(before, request);
  expect(plan.summary).toBe('Reseal 3 keys in "dev"');
  expect(plan.missing.map(({ key }) => key)).toEqual(["token"]);
  expect(readText(applied(before, plan), file)).not.toBe(readText(before, file));
  expect(await open(applied(before, plan))).toEqual(await open(before));
});

test("planReseal() without it makes new values, asks for supplied ones, and drops what nobody gives", async () => {
  const before = await sealedForUpstream();
  const asked: MissingKey[] = [];
  const supply = async (key: MissingKey) => {
    asked.push(key);
    return key.key === "license" ? "again" : undefined;
  };
  const plan = await planReseal(before, { ...dev, certificate, oldKeys: [], supply });
  expect(renderPlan(plan)).toMatchInlineSnapshot(`
    "Generate 2 keys, seal 1 key, drop 1 key in "dev":
    clusters/dev/sealing-certificate.pem
    overlays/dev/router/sealed-secret.yaml
      generate  jwt-secret
      generate  cipher-key
      seal      license
      drop      token
    Still to be supplied:
      router/router-secrets/token (optional): Make one at https://example.com
    "
  `);
  expect(asked.map(({ key }) => key)).toEqual(["license", "token"]);
  const after = applied(before, plan);
  expect(readText(after, "clusters/dev/sealing-certificate.pem")).toBe(certificatePem);
  expect(await open(after)).toMatchObject({ license: "again" });
});

test("planReseal() moves values along to a new namespace and scope", async () => {
  const before = applied(fleet, await planGenerate(fleet, dev));
  const moved = overlayTree(before, {
    "base/router/secrets.yaml": declaration.replace(
      "    keys:",
      "    scope: cluster-wide\n    keys:",
    ),
    "overlays/dev/router/kustomization.yaml": kustomization.replace("llm", "other"),
  });
  const request = { ...dev, certificate, oldKeys: [privateKey], supply: nobody };
  const after = applied(moved, await planReseal(moved, request));
  expect(parseSealedSecret(readText(after, file) ?? "", file)).toMatchObject({
    namespace: "other",
    scope: "cluster-wide",
  });
  expect(await open(after)).toEqual(await open(before));
});

test("planReseal() refuses a certificate that ran out", async () => {
  const request = { ...dev, certificate: old, oldKeys: [], supply: nobody };
  await expect(planReseal(fleet, request)).rejects.toThrow("the certificate ran out on 2027-06-18");
});

async function sealedForUpstream(): Promise<Tree> {
  const tree = overlayTree(fleet, { "clusters/dev/sealing-certificate.pem": old.pem });
  const request = { environment: "dev", certificate: old, oldKeys: [], now: early };
  return applied(tree, await planReseal(tree, { ...request, supply: async () => "first" }));
}

/** The tree with a plan's files in it. */
function applied(tree: Tree, { writes }: SecretsPlan): Tree {
  return overlayTree(tree, Object.fromEntries(writes.map(({ file, content }) => [file, content])));
}

/** What a controller with the fixture's private key makes of the sealed file. */
async function open(tree: Tree): Promise<Record<string, string>> {
  const sealed = parseSealedSecret(readText(tree, file) ?? "", file);
  const { name, namespace = "", scope } = sealed;
  const values = [...sealed.encrypted].map(async ([key, text]) => {
    const bytes = await unseal(privateKey, { name, namespace, scope }, text);
    return [key, new TextDecoder().decode(bytes)] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}
