import { expect, test } from "vitest";
import { readDeclaration } from "../../scripts/secrets/declaration.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";

function read(text: string) {
  return readDeclaration(memoryTree({ "base/router/secrets.yaml": text }), "router");
}

test("readDeclaration() reads where each value comes from", () => {
  const [secret, ...others] = read(`
secrets:
  - name: router-secrets
    keys:
      jwt-secret: {generate: {length: 48, alphabet: alphanumeric}}
      api-key: {generate: {length: 48, alphabet: hex, prefix: "llm_slipway."}}
      token: {supply: Make one at https://example.com, optional: true}
      license: {supply: Ask the vendor}
      url: {template: 'https://{{ index . "api-key" }}@example.com'}
`);
  expect(others).toEqual([]);
  expect(secret).toMatchObject({
    name: "router-secrets",
    scope: "strict",
    place: { file: "base/router/secrets.yaml", line: 3 },
  });
  expect(Object.fromEntries(secret?.keys ?? [])).toEqual({
    "jwt-secret": { kind: "generate", generation: { length: 48, alphabet: "alphanumeric" } },
    "api-key": {
      kind: "generate",
      generation: { length: 48, alphabet: "hex", prefix: "llm_slipway." },
    },
    token: { kind: "supply", hint: "Make one at https://example.com", optional: true },
    license: { kind: "supply", hint: "Ask the vendor", optional: false },
    url: { kind: "template", template: 'https://{{ index . "api-key" }}@example.com' },
  });
});

test("readDeclaration() reads the scope, type, labels and environments of a Secret", () => {
  const [secret] = read(`
secrets:
  - name: database
    scope: namespace-wide
    type: kubernetes.io/basic-auth
    labels: {rabbitmq.com/topology-operator: "true"}
    environments: [staging, prod]
    keys: {username: {template: ml}}
`);
  expect(secret).toMatchObject({
    scope: "namespace-wide",
    type: "kubernetes.io/basic-auth",
    labels: { "rabbitmq.com/topology-operator": "true" },
    environments: ["staging", "prod"],
  });
});

test("readDeclaration() is empty for an app without one", () => {
  expect(readDeclaration(memoryTree({}), "router")).toEqual([]);
});

const secret = "secrets:\n  - name: a\n    keys:\n      b: ";

test.each([
  ["", ":1: The file is empty: it must be a mapping with secrets"],
  ["a: [", ":1: The file is not YAML: "],
  ["- a", ":1: The file must be a mapping with secrets"],
  ["secrets: 1", ':1: "secrets" must be a list of Secrets'],
  ["secrets: []\nmore: 1", ':2: The file has the unknown field "more": it takes secrets'],
  [
    "secrets:\n  - name: a\n    keys: {}\n    key: 1",
    ':4: "secrets[0]" has the unknown field "key": it takes name, keys and, if need be, scope, type, labels and environments',
  ],
  ["secrets:\n  - keys: {}", ':2: "secrets[0].name" must be the name of the Secret'],
  [
    "secrets:\n  - name: A_b\n    keys: {}",
    ':2: "secrets[0].name" must be a name that Kubernetes takes',
  ],
  [
    "secrets:\n  - name: a\n    scope: wide\n    keys: {}",
    ':3: "secrets[0].scope" must be one of strict, namespace-wide, cluster-wide',
  ],
  [
    "secrets:\n  - name: a\n    keys: {}\n  - name: a\n    keys: {}",
    ':4: "secrets[1].name" repeats "a": declare each Secret once',
  ],
  [
    "secrets:\n  - name: a\n    keys: {b c: {supply: d}}",
    ':3: "secrets[0].keys["b c"]" must be a mapping whose keys have letters, digits, -, _ and . only',
  ],
  [`${secret}{}`, ':4: "secrets[0].keys.b" must say exactly one of generate, supply or template'],
  [
    `${secret}{supply: c, template: d}`,
    ':4: "secrets[0].keys.b" must say exactly one of generate, supply or template',
  ],
  [
    `${secret}{template: c, optional: true}`,
    ':4: "secrets[0].keys.b" cannot be optional: only a key with supply can',
  ],
  [
    `${secret}{suply: c}`,
    ':4: "secrets[0].keys.b" has the unknown field "suply": it takes one of generate, supply or template',
  ],
  [
    `${secret}{supply: ""}`,
    ':4: "secrets[0].keys.b.supply" must be a sentence that says where to get the value',
  ],
  [
    `${secret}{generate: {length: 8, alphabet: hex}}`,
    ':4: "secrets[0].keys.b.generate.length" must be at least 16: a shorter value can be guessed',
  ],
  [
    `${secret}{generate: {length: "48", alphabet: hex}}`,
    ':4: "secrets[0].keys.b.generate.length" must be a whole number, the count of random characters',
  ],
  [
    `${secret}{generate: {length: 48}}`,
    ':4: "secrets[0].keys.b.generate.alphabet" must be one of hex, alphanumeric',
  ],
  [
    `${secret}{template: "{{ .c }}"}`,
    ':4: "secrets[0].keys.b.template" refers to "c": the Secret declares no such key',
  ],
  [
    `${secret}{template: "{{ .c-d }}"}\n      c-d: {supply: e}`,
    ':4: "secrets[0].keys.b.template" refers to ".c-d", which Go templates cannot parse: write {{ index . "c-d" }}',
  ],
  [
    `${secret}{template: "{{ .c | urlquery }}"}\n      c: {supply: e, optional: true}`,
    ':4: "secrets[0].keys.b.template" refers to "c", which is optional and may be absent',
  ],
  [
    `${secret}{template: '{{ index . "c" }}'}\n      c: {template: d}`,
    ':4: "secrets[0].keys.b.template" refers to "c", which is a template itself',
  ],
])("readDeclaration() refuses %j", (text, message) => {
  expect(() => read(text)).toThrow(`base/router/secrets.yaml${message}`);
});
