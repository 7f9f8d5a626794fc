import type { Finding } from "../../scripts/checks/finding.ts";
import type { Report } from "../../scripts/reporters/report.ts";

/** What a run over two environments may have found. */
export const report: Report = {
  findings: [
    ...["staging", "prod"].map(
      (environment): Finding => ({
        rule: "image-pinned",
        severity: "error",
        message: 'Container "router" runs "ghcr.io/slipway/router:latest": a tag that moves',
        help: "Name a full release",
        place: { file: "base/router/deployment.yaml", line: 21, column: 18 },
        target: { environment, app: "router", directory: `overlays/${environment}/router` },
        resource: "Deployment/router/router",
        path: "spec.template.spec.containers[0].image",
      }),
    ),
    {
      rule: "labels-standard",
      severity: "warning",
      message: 'Service "router" has no label "app.kubernetes.io/part-of"',
      place: { file: "base/router/service, old.yaml", line: 4 },
      resource: "Service/router/router",
      path: "metadata.labels",
    },
    {
      rule: "render",
      severity: "error",
      message: 'Cannot render: "patch.yaml" matches no object\n100% of its targets are gone',
      place: { file: "overlays/prod/router/kustomization.yaml" },
      target: { environment: "prod", app: "router", directory: "overlays/prod/router" },
    },
  ],
  checks: [
    { id: "policies", status: "ran" },
    { id: "schemas", status: "skipped", reason: "kubeconform is not built" },
  ],
  targets: 2,
  resources: 31,
  milliseconds: 1234.5,
};

/** A run that found nothing. */
export const clean: Report = {
  findings: [],
  checks: [{ id: "policies", status: "ran" }],
  targets: 1,
  resources: 31,
  milliseconds: 87.4,
};
