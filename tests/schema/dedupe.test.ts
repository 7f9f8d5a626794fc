import { expect, it } from "vitest";
import type { Finding } from "../../scripts/checks/finding.ts";
import { dedupe } from "../../scripts/checks/schema/index.ts";
import { target } from "./resources.ts";

it("dedupe() leaves the first of what two layers say about one field", () => {
  const first = finding("schema-invalid-value", "spec.replicas", "first");
  const second = finding("schema-invalid-value", "spec.replicas", "second");
  expect(dedupe([first, second])).toEqual([first]);
});

it("dedupe() prefers the one that knows what was meant", () => {
  const plain = finding("schema-unknown-field", "spec.replica", "Unknown field");
  const hint = finding("schema-unknown-field", "spec.replica", 'Unknown: did you mean "replicas"?');
  expect(dedupe([plain, hint])).toEqual([hint]);
  expect(dedupe([hint, plain])).toEqual([hint]);
});

it("dedupe() drops a missing field that an unknown one beside it was meant to be", () => {
  const missing = finding("schema-missing-field", "spec.selector", "Missing");
  const unknown = finding("schema-unknown-field", "spec.selectr", 'did you mean "selector"?');
  const other = finding("schema-missing-field", "spec.template", "Missing");
  expect(dedupe([missing, unknown, other])).toEqual([unknown, other]);
});

it("dedupe() keeps other fields, resources, targets and checks apart", () => {
  const findings = [
    finding("schema-invalid-value", "spec.replicas", "a"),
    finding("schema-invalid-value", "spec.paused", "a"),
    { ...finding("schema-invalid-value", "spec.replicas", "a"), resource: "Deployment/b" },
    {
      ...finding("schema-invalid-value", "spec.replicas", "a"),
      target: { ...target, environment: "prod" },
    },
    finding("replicas-autoscaled", "spec.replicas", "a"),
    finding("image-pinned", "spec.replicas", "a"),
  ];
  expect(dedupe(findings)).toEqual(findings);
});

function finding(rule: string, path: string, message: string): Finding {
  return {
    rule,
    severity: "error",
    message,
    place: { file: "x.yaml", line: 1 },
    target,
    resource: "Deployment/a",
    path,
  };
}
