import { expect, test } from "vitest";
import { jsonReporter } from "../../scripts/reporters/json.ts";
import { clean, report } from "./reports.ts";

test("the document has a version and one flat object per finding", () => {
  expect(jsonReporter({ ...report, findings: report.findings.slice(1) })).toMatchInlineSnapshot(`
    "{
      "version": 1,
      "summary": {
        "errors": 2,
        "warnings": 1,
        "targets": 2,
        "resources": 31,
        "milliseconds": 1235
      },
      "checks": [
        {
          "id": "policies",
          "status": "ran"
        },
        {
          "id": "schemas",
          "status": "skipped",
          "reason": "kubeconform is not built"
        }
      ],
      "findings": [
        {
          "rule": "image-pinned",
          "severity": "error",
          "message": "Container \\"router\\" runs \\"ghcr.io/slipway/router:latest\\": a tag that moves",
          "help": "Name a full release",
          "file": "base/router/deployment.yaml",
          "line": 21,
          "column": 18,
          "target": "prod/router",
          "resource": "Deployment/router/router",
          "path": "spec.template.spec.containers[0].image"
        },
        {
          "rule": "labels-standard",
          "severity": "warning",
          "message": "Service \\"router\\" has no label \\"app.kubernetes.io/part-of\\"",
          "file": "base/router/service, old.yaml",
          "line": 4,
          "resource": "Service/router/router",
          "path": "metadata.labels"
        },
        {
          "rule": "render",
          "severity": "error",
          "message": "Cannot render: \\"patch.yaml\\" matches no object\\n100% of its targets are gone",
          "file": "overlays/prod/router/kustomization.yaml",
          "target": "prod/router"
        }
      ]
    }
    "
  `);
});

test("a clean run has the same shape", () => {
  expect(JSON.parse(jsonReporter(clean))).toEqual({
    version: 1,
    summary: { errors: 0, warnings: 0, targets: 1, resources: 31, milliseconds: 87 },
    checks: [{ id: "policies", status: "ran" }],
    findings: [],
  });
});
