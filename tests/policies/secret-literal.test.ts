import { expect, test } from "vitest";
import { secretLiteral } from "../../policies/secret-literal.ts";
import { namesSecret } from "../../policies/secret-name.ts";
import { violations } from "./resources.ts";

test.each([
  ["DB_PASSWORD", true],
  ["PGPASSWORD", true],
  ["RABBITMQ_DEFAULT_PASS", true],
  ["MYSQL_PWD", true],
  ["JWT_SECRET", true],
  ["jwt-secret", true],
  ["clientSecret", true],
  ["HF_TOKEN", true],
  ["API_KEY", true],
  ["OPENAI_API_KEY", true],
  ["apiKey", true],
  ["SSH_PRIVATE_KEY", true],
  ["AWS_SECRET_ACCESS_KEY", true],
  ["BYOK_ENCRYPTION_KEY", true],
  ["TOKEN_LIMIT", false],
  ["MAX_TOKENS", false],
  ["PASSWORD_FILE", false],
  ["JWT_SECRET_PATH", false],
  ["SECRET_NAME", false],
  ["API_KEY_HEADER", false],
  ["TOKENIZER", false],
  ["EOS_TOKEN", false],
  ["COST_PER_TOKEN", false],
  ["ROUTING_KEY", false],
  ["PWD", false],
  ["token.json", false],
])("namesSecret() of %s is %s", (name, expected) => {
  expect(namesSecret(name)).toBe(expected);
});

test.each([
  ["a reference to another variable", "API_KEY", "$(OTHER)"],
  ["a reference inside a text", "AUTH_TOKEN", "Bearer $(OTHER)"],
  ["nothing", "API_KEY", ""],
  ["a switch", "REQUIRE_API_KEY", "true"],
  ["a number", "MAX_TOKEN", "4096"],
  ["an address without a password", "DATABASE_URL", "postgres://database:5432/router"],
  [
    "an address whose password is a reference",
    "REDIS_URL",
    "redis://:$(REDIS_PASSWORD)@redis:6379",
  ],
])("no secret: %s", (_, name, value) => {
  expect(violations(secretLiteral, podWith(`env: [{ name: ${name}, value: "${value}" }]`))).toEqual(
    [],
  );
});

test.each([
  ["HF_TOKEN", "abcdef", "a literal"],
  ["DB_PASSWORD", "123456", "a literal"],
  ["AWS_KEY", "AKIAIOSFODNN7EXAMPLE", "an AWS access key"],
  ["SESSION", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w", "a JSON Web Token"],
  ["SIGNING", "-----BEGIN RSA PRIVATE KEY-----", "a private key"],
  ["BROKER_URL", "amqp://guest:guest@queue:5672/", "a URL with a password"],
])("a variable %s holds a secret and the message does not repeat it", (name, value, what) => {
  const found = violations(secretLiteral, podWith(`env: [{ name: ${name}, value: "${value}" }]`));
  expect(found).toEqual([
    `spec.containers[0].env[0].value: Container "router" sets "${name}" to ${what}`,
  ]);
  expect(found.join()).not.toContain(value);
});

test("a variable that refers to a Secret is how it should be", () => {
  const env =
    "env: [{ name: API_KEY, valueFrom: { secretKeyRef: { name: router, key: api-key } } }]";
  expect(violations(secretLiteral, podWith(env))).toEqual([]);
});

test("arguments and commands are read too", () => {
  const container = `args: ["--port=8080", "--api-key=abcdef", "--token-limit=10"]
          command: ["redis-cli", "-u", "redis://:hunter2@redis"]`;
  expect(violations(secretLiteral, podWith(container))).toEqual([
    'spec.containers[0].command[2]: Container "router" is started with a URL with a password',
    'spec.containers[0].args[1]: Container "router" is started with a literal',
  ]);
});

test("a ConfigMap is no place for secrets, by name or by shape", () => {
  const configMap = `
    apiVersion: v1
    kind: ConfigMap
    metadata: { name: router }
    data:
      log-level: info
      api-key: abcdef
      token-limit: "4096"
      tls.pem: |
        -----BEGIN PRIVATE KEY-----
        MIIE
        -----END PRIVATE KEY-----`;
  expect(violations(secretLiteral, configMap)).toEqual([
    'data.api-key: ConfigMap "router" sets "api-key" to a literal',
    'data["tls.pem"]: ConfigMap "router" sets "tls.pem" to a private key',
  ]);
});

test("a Secret with values is a finding, one that a controller fills is not", () => {
  const secrets = `
    apiVersion: v1
    kind: Secret
    metadata: { name: router }
    data: { api-key: YWJj }
    stringData: { other: abc }
    ---
    apiVersion: v1
    kind: Secret
    metadata: { name: filled-later }
    ---
    apiVersion: bitnami.com/v1alpha1
    kind: SealedSecret
    metadata: { name: sealed }
    spec: { encryptedData: { api-key: AgBy } }`;
  expect(violations(secretLiteral, secrets)).toEqual([
    'data: Secret "router" is in git with its values',
    'stringData: Secret "router" is in git with its values',
  ]);
});

function podWith(container: string): string {
  return `
    apiVersion: v1
    kind: Pod
    metadata: { name: router }
    spec:
      containers:
        - name: router
          ${container}`;
}
