import fc from "fast-check";
import { expect, test } from "vitest";
import {
  parseSealedSecret,
  printSealedSecret,
  updateSealedSecret,
} from "../../scripts/secrets/sealed-secret.ts";
import { fixture } from "./fixtures.ts";

const router = { name: "router-secrets", namespace: "router" };
const noKeys = { keys: new Map() };

test("printSealedSecret() puts one key on a line, in the wave before what reads it", () => {
  const encrypted = new Map([
    ["jwt-secret", "AgA1"],
    ["api-key", "AgA2"],
  ]);
  expect(
    printSealedSecret({ ...router, scope: "strict" }, noKeys, encrypted),
  ).toMatchInlineSnapshot(`
    "apiVersion: bitnami.com/v1alpha1
    kind: SealedSecret
    metadata:
      name: router-secrets
      namespace: router
      annotations:
        argocd.argoproj.io/sync-wave: "-1"
    spec:
      encryptedData:
        jwt-secret: AgA1
        api-key: AgA2
      template:
        metadata:
          name: router-secrets
          namespace: router
    "
  `);
});

test("printSealedSecret() marks a wider scope twice, as kubeseal does, and writes what is declared", () => {
  const declared = {
    type: "kubernetes.io/basic-auth",
    labels: { "rabbitmq.com/topology-operator": "true" },
    keys: new Map([
      ["username", { kind: "template", template: "ml" } as const],
      ["password", { kind: "supply", hint: "", optional: false } as const],
      ["url", { kind: "template", template: "amqp://ml:{{ .password }}@rabbitmq" } as const],
    ]),
  };
  const text = printSealedSecret(
    { ...router, scope: "namespace-wide" },
    declared,
    new Map([["password", "AgA1"]]),
  );
  expect(text).toMatchInlineSnapshot(`
    "apiVersion: bitnami.com/v1alpha1
    kind: SealedSecret
    metadata:
      name: router-secrets
      namespace: router
      annotations:
        argocd.argoproj.io/sync-wave: "-1"
        sealedsecrets.bitnami.com/namespace-wide: "true"
    spec:
      encryptedData:
        password: AgA1
      template:
        metadata:
          name: router-secrets
          namespace: router
          annotations:
            sealedsecrets.bitnami.com/namespace-wide: "true"
          labels:
            rabbitmq.com/topology-operator: "true"
        type: kubernetes.io/basic-auth
        data:
          username: ml
          url: amqp://ml:{{ .password }}@rabbitmq
    "
  `);
  expect(
    updateSealedSecret(
      parseSealedSecret(text, "s.yaml"),
      declared,
      new Map([["password", "AgA1"]]),
    ),
  ).toBe(text);
});

test.each(["strict", "namespace-wide", "cluster-wide"])(
  "parseSealedSecret() reads what kubeseal writes with the scope %s",
  (scope) => {
    const sealed = parseSealedSecret(fixture(`${scope}.yaml`), "s.yaml");
    expect(sealed).toMatchObject({
      name: "llm-runner-secrets",
      namespace: "llm-runner-router",
      scope,
    });
    expect([...sealed.encrypted.keys()]).toEqual(["byok-encryption-key", "jwt-secret"]);
  },
);

const opaque = { type: "Opaque", keys: new Map() };

test("updateSealedSecret() changes the line of one key and no other byte", () => {
  const text = `# Ours\n${fixture("strict.yaml").replace("    byok", "    # hex\n    byok")}`;
  const sealed = parseSealedSecret(text, "s.yaml");
  const updated = updateSealedSecret(
    sealed,
    opaque,
    new Map(sealed.encrypted).set("byok-encryption-key", "AgA1"),
  );
  expect(updated).toBe(text.replace(/byok-encryption-key: .*/, "byok-encryption-key: AgA1"));
});

test("updateSealedSecret() adds a key after the last one and takes a key out with its line", () => {
  const text = fixture("strict.yaml");
  const sealed = parseSealedSecret(text, "s.yaml");
  const encrypted = new Map(sealed.encrypted).set("session-secret", "AgA1");
  encrypted.delete("byok-encryption-key");
  expect(updateSealedSecret(sealed, opaque, encrypted)).toBe(
    text
      .replace(/ {4}byok-encryption-key: .*\n/, "")
      .replace(/( {4}jwt-secret: .*\n)/, "$1    session-secret: AgA1\n"),
  );
});

test("updateSealedSecret() keeps a file's other bytes whatever the keys", () => {
  const keys = fc.stringMatching(/^[-._a-zA-Z0-9]{1,12}$/);
  const values = fc.dictionary(keys, fc.stringMatching(/^Ag[a-zA-Z0-9+/]{1,40}={0,2}$/), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(values, values, (before, after) => {
      const binding = { ...router, scope: "strict" } as const;
      const text = printSealedSecret(binding, noKeys, new Map(Object.entries(before)));
      const wanted = new Map(Object.entries(after));
      const updated = updateSealedSecret(parseSealedSecret(text, "s.yaml"), noKeys, wanted);
      expect(Object.fromEntries(parseSealedSecret(updated, "s.yaml").encrypted)).toEqual(after);
      const [head, tail] = [
        text.split("  encryptedData:")[0],
        text.slice(text.indexOf("  template:")),
      ];
      expect(updated.startsWith(head ?? "")).toBe(true);
      expect(updated.endsWith(tail)).toBe(true);
    }),
  );
});

test("updateSealedSecret() prints anew what is not one key per line, with all its fields", () => {
  const text = `{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: a, labels: {team: ml}}, spec: {encryptedData: {b: AgA1}}}`;
  expect(
    updateSealedSecret(parseSealedSecret(text, "s.yaml"), noKeys, new Map([["c", "AgA2"]])),
  ).toMatchInlineSnapshot(`
      "apiVersion: bitnami.com/v1alpha1
      kind: SealedSecret
      metadata:
        name: a
        labels:
          team: ml
      spec:
        encryptedData:
          c: AgA2
        template:
          metadata: {}
      "
    `);
});

test("updateSealedSecret() follows a changed template and keeps the sealed values", () => {
  const sealed = parseSealedSecret(fixture("strict.yaml"), "s.yaml");
  const declared = {
    keys: new Map([["url", { kind: "template", template: "https://{{ .key }}" } as const]]),
  };
  const updated = updateSealedSecret(sealed, declared, sealed.encrypted);
  expect(parseSealedSecret(updated, "s.yaml").encrypted).toEqual(sealed.encrypted);
  expect(updated).toContain("    data:\n      url: https://{{ .key }}\n");
  expect(updated).not.toContain("type: Opaque");
});

test.each([
  "",
  "a: 1",
  "- 1",
  "kind: Secret",
  `${fixture("strict.yaml")}---\n${fixture("strict.yaml")}`,
])("parseSealedSecret() refuses a file that is not one SealedSecret (%#)", (text) => {
  expect(() => parseSealedSecret(text, "overlays/dev/a/sealed-secret.yaml")).toThrow(
    'Cannot read "overlays/dev/a/sealed-secret.yaml" as one SealedSecret of bitnami.com/v1alpha1',
  );
});

test("parseSealedSecret() says where a file is no YAML", () => {
  expect(() => parseSealedSecret("a: 1\na: 2\n", "s.yaml")).toThrow('Cannot read "s.yaml:2": ');
});
