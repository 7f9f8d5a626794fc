import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { textReporter } from "../../scripts/reporters/text.ts";
import { clean, report } from "./reports.ts";

test("the text groups by file, tells a shared mistake once and sums up", () => {
  expect(textReporter(report, { colour: false })).toMatchInlineSnapshot(`
    "base/router/deployment.yaml
      21:18  image-pinned  Container "router" runs "ghcr.io/slipway/router:latest": a tag that moves
             Deployment/router/router spec.template.spec.containers[0].image in staging/router, prod/router
             Name a full release

    base/router/service, old.yaml
      4  labels-standard  warning: Service "router" has no label "app.kubernetes.io/part-of"
         Service/router/router metadata.labels

    overlays/prod/router/kustomization.yaml
        render  Cannot render: "patch.yaml" matches no object 100% of its targets are gone
        in prod/router

    3 errors and 1 warning: 2 targets, 31 resources, 1 check in 1.2 s
    Skipped schemas: kubeconform is not built
    "
  `);
});

test("a clean run is one line", () => {
  expect(textReporter(clean, { colour: false })).toMatchInlineSnapshot(`
    "All good: 1 target, 31 resources, 1 check in 87 ms
    "
  `);
});

test("a clean run still says what was skipped", () => {
  const checks = [...report.checks];
  expect(textReporter({ ...clean, checks }, { colour: false })).toMatchInlineSnapshot(`
    "All good: 1 target, 31 resources, 1 check in 87 ms
    Skipped schemas: kubeconform is not built
    "
  `);
});

test("a help that several findings of a file share is told once", () => {
  const [first] = report.findings;
  const findings = first ? [first, { ...first, place: { ...first.place, line: 40 } }] : [];
  const text = textReporter({ ...report, findings }, { colour: false });
  expect(text.match(/Name a full release/g)).toHaveLength(1);
});

test("what stands in a file cannot write to the terminal", () => {
  const [first] = report.findings;
  const message = 'Container "\u001b[2J\n::set-env name=A::b" runs no image';
  const findings = first ? [{ ...first, message }] : [];
  const text = textReporter({ ...report, findings }, { colour: false });
  expect(text).toContain('Container " [2J ::set-env name=A::b" runs no image');
});

test("colours change nothing but the colour", () => {
  const coloured = textReporter(report, { colour: true });
  expect(coloured).toContain("\u001b[31m");
  expect(stripVTControlCharacters(coloured)).toBe(textReporter(report, { colour: false }));
});
