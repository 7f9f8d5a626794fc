import { expect, test } from "vitest";
import { githubReporter } from "../../scripts/reporters/github.ts";
import { clean, report } from "./reports.ts";

test("each finding is one workflow command, with GitHub's own escapes", () => {
  expect(githubReporter(report)).toMatchInlineSnapshot(`
    "::error file=base/router/deployment.yaml,line=21,col=18,title=image-pinned::Container "router" runs "ghcr.io/slipway/router:latest": a tag that moves%0ADeployment/router/router spec.template.spec.containers[0].image in staging/router%0AName a full release
    ::error file=base/router/deployment.yaml,line=21,col=18,title=image-pinned::Container "router" runs "ghcr.io/slipway/router:latest": a tag that moves%0ADeployment/router/router spec.template.spec.containers[0].image in prod/router%0AName a full release
    ::warning file=base/router/service%2C old.yaml,line=4,title=labels-standard::Service "router" has no label "app.kubernetes.io/part-of"%0AService/router/router metadata.labels
    ::error file=overlays/prod/router/kustomization.yaml,title=render::Cannot render: "patch.yaml" matches no object%0A100%25 of its targets are gone%0Ain prod/router
    ::warning title=Check skipped::Skipped schemas: kubeconform is not built
    3 errors and 1 warning: 2 targets, 31 resources, 1 check in 1.2 s
    "
  `);
});

test("a clean run is one line without a command", () => {
  expect(githubReporter(clean)).toMatchInlineSnapshot(`
    "All good: 1 target, 31 resources, 1 check in 87 ms
    "
  `);
});
