import { expect, it } from "vitest";
import { argoCheck } from "../../scripts/checks/argo/index.ts";
import { layoutCheck } from "../../scripts/checks/layout.ts";
import { policiesCheck } from "../../scripts/checks/policies.ts";
import { schemaChecks } from "../../scripts/checks/schema/index.ts";
import { readText } from "../../scripts/tree/tree.ts";
import { findingsAfter, insertAfter, repository } from "../support/mutate.ts";

const schema = schemaChecks.filter(({ id }) => id !== "schema-kubeconform");
const overlay = "overlays/prod/jaguar-engine";

it("what the README adds to an overlay, for a LoadBalancer, passes every check", async () => {
  const readme = readText(repository, "base/jaguar-engine/README.md") ?? "";
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
  const [service = "", policy = ""] = yaml.split("---\n");
  expect(service).toContain("type: LoadBalancer");
  expect(policy).toContain("kind: NetworkPolicy");
  const changes = {
    [`${overlay}/service-external.yaml`]: service,
    [`${overlay}/network-policy-outside.yaml`]: policy,
    [`${overlay}/kustomization.yaml`]: insertAfter(
      "  - ../../../base/jaguar-engine",
      "  - network-policy-outside.yaml\n  - service-external.yaml",
    ),
  };
  const checks = [layoutCheck, argoCheck, policiesCheck, ...schema];
  expect(await findingsAfter(changes, checks)).toEqual([]);
});
