import { expect, it } from "vitest";
import { explain, unknownField } from "../../scripts/checks/schema/sentences.ts";
import type { ValueError } from "../../scripts/tools/schemas/validator.ts";
import { resource, target } from "./resources.ts";

const deployment = resource({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "router", namespace: "router" },
  spec: {
    replicas: "3",
    on: 1,
    cpu: "1x",
    policy: "always",
    wait: "30",
    ports: [{ port: 99999 }],
    text: "",
    half: 1.5,
    list: {},
  },
});

it("unknownField() says which field, where, and what was meant", () => {
  expect(unknownField(deployment, ["spec", "replica"], "replicas")).toEqual({
    rule: "schema-unknown-field",
    severity: "error",
    message: 'Unknown field "replica" in "spec": did you mean "replicas"?',
    help: 'Rename it to "replicas"',
    place: { file: "x.yaml", line: 1 },
    target,
    resource: "Deployment/router/router",
    path: "spec.replica",
  });
});

it("unknownField() names the kind around a field of the object itself", () => {
  expect(unknownField(deployment, ["sepc"], undefined)).toMatchObject({
    message: 'Unknown field "sepc" in "Deployment"',
    help: "Remove it, or write the field that was meant: `kubectl explain deployment` lists them",
  });
});

it.each<[message: string, help: string | undefined, at: string, errors: Partial<ValueError>[]]>([
  [
    '"spec.replicas" must be an integer: it is the string "3"',
    "Write 3 without quotes",
    "/spec/replicas",
    [{ keyword: "type", params: { type: "integer" } }],
  ],
  [
    '"spec.on" must be a string: it is 1',
    'Quote it: "1"',
    "/spec/on",
    [{ keyword: "type", params: { type: ["null", "string"] } }],
  ],
  [
    '"spec.list" must be a number or a string: it is a mapping',
    undefined,
    "/spec/list",
    [
      { keyword: "type", params: { type: "string" } },
      { keyword: "type", params: { type: "number" } },
      { keyword: "oneOf" },
    ],
  ],
  [
    '"spec.cpu" must be a quantity such as "500m" or "2Gi": it is the string "1x"',
    undefined,
    "/spec/cpu",
    [
      { keyword: "type", params: { type: "number" } },
      { keyword: "format", params: { format: "quantity" } },
      { keyword: "oneOf" },
    ],
  ],
  [
    '"spec.half" must be an integer: it is 1.5',
    undefined,
    "/spec/half",
    [
      { keyword: "type", params: { type: "integer" } },
      { keyword: "format", params: { format: "int64" } },
    ],
  ],
  [
    '"spec.policy" must be one of "Always", "Never": it is the string "always"',
    'Write "Always"',
    "/spec/policy",
    [{ keyword: "enum", params: { allowedValues: ["Always", "Never", null] } }],
  ],
  [
    '"spec.wait" must match the pattern ^[0-9]+s$: it is the string "30"',
    'Name the unit: "30s"',
    "/spec/wait",
    [{ keyword: "pattern", params: { pattern: "^[0-9]+s$" } }],
  ],
  [
    '"spec.ports[0].port" must be at most 65535: it is 99999',
    undefined,
    "/spec/ports/0/port",
    [{ keyword: "maximum", params: { limit: 65535 } }],
  ],
  [
    '"spec.text" must have at least 1 character: it is the string ""',
    undefined,
    "/spec/text",
    [{ keyword: "minLength", params: { limit: 1 } }],
  ],
  [
    'Missing field "selector" in "spec"',
    "Add it: `kubectl explain deployment.spec` says what it holds",
    "/spec",
    [{ keyword: "required", params: { missingProperty: "selector" } }],
  ],
  [
    '"spec.list" must satisfy its schema (no branch fits): it is a mapping',
    undefined,
    "/spec/list",
    [{ keyword: "other", message: "no branch fits" }],
  ],
])("explain() says: %s", (message, help, instancePath, errors) => {
  const all = errors.map((error) => ({ keyword: "", params: {}, ...error, instancePath }));
  const findings = explain(all, deployment);
  expect(findings.map((one) => [one.message, one.help])).toEqual([[message, help]]);
});

it("explain() looks for what was meant among the fields that the schema knows", () => {
  const error: ValueError = {
    instancePath: "/spec",
    keyword: "additionalProperties",
    params: { additionalProperty: "min-replicas" },
  };
  const [finding] = explain([error], deployment, () => ["maxReplicas", "minReplicas"]);
  expect(finding?.message).toContain('did you mean "minReplicas"?');
});

it("explain() does not print what a Secret holds", () => {
  const secret = resource({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "a" },
    stringData: { password: 1234 },
  });
  const [finding] = explain(
    [{ instancePath: "/stringData/password", keyword: "type", params: { type: "string" } }],
    secret,
  );
  expect(JSON.stringify(finding)).not.toContain("1234");
  expect(finding?.message).toBe('"stringData.password" must be a string');
});
