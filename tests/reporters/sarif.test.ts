import { expect, test } from "vitest";
import { policies } from "../../policies/index.ts";
import { sarifReporter } from "../../scripts/reporters/sarif.ts";
import { clean, report } from "./reports.ts";

test("the log names its version and schema and has one run", () => {
  const log = JSON.parse(sarifReporter(report));
  expect(log.$schema).toBe("https://json.schemastore.org/sarif-2.1.0.json");
  expect(log.version).toBe("2.1.0");
  expect(log.runs).toHaveLength(1);
  expect(log.runs[0].tool.driver.name).toBe("slipway");
  expect(log.runs[0].columnKind).toBe("utf16CodeUnits");
});

test("a result has rule, level, message and a place below the root of the repository", () => {
  const { results } = firstRun(report);
  expect(results).toHaveLength(report.findings.length);
  expect(results[0]).toMatchInlineSnapshot(`
    {
      "level": "error",
      "locations": [
        {
          "logicalLocations": [
            {
              "fullyQualifiedName": "staging/router Deployment/router/router spec.template.spec.containers[0].image",
              "kind": "object",
            },
          ],
          "physicalLocation": {
            "artifactLocation": {
              "uri": "base/router/deployment.yaml",
              "uriBaseId": "%SRCROOT%",
            },
            "region": {
              "startColumn": 18,
              "startLine": 21,
            },
          },
        },
      ],
      "message": {
        "text": "Container "router" runs "ghcr.io/slipway/router:latest": a tag that moves",
      },
      "partialFingerprints": {
        "slipway/v1": "image-pinned staging/router Deployment/router/router spec.template.spec.containers[0].image",
      },
      "ruleId": "image-pinned",
      "ruleIndex": 2,
    }
  `);
});

test("paths are relative URIs, and a region is there only where the line is known", () => {
  const [, , service, render] = firstRun(report).results.map(
    ({ locations }: { locations: { physicalLocation: unknown }[] }) =>
      locations[0]?.physicalLocation,
  );
  expect(service).toEqual({
    artifactLocation: { uri: "base/router/service%2C%20old.yaml", uriBaseId: "%SRCROOT%" },
    region: { startLine: 4 },
  });
  expect(render).toEqual({
    artifactLocation: { uri: "overlays/prod/router/kustomization.yaml", uriBaseId: "%SRCROOT%" },
  });
});

test("every policy is a rule with its help, and so is what another check has found", () => {
  const { tool, results } = firstRun(report);
  const ids = tool.driver.rules.map(({ id }: { id: string }) => id);
  expect(ids).toEqual([...policies.map(({ id }) => id), "render"]);
  for (const { ruleId, ruleIndex } of results) expect(ids[ruleIndex]).toBe(ruleId);
  for (const rule of tool.driver.rules) {
    expect(rule.shortDescription.text).not.toBe("");
    expect(rule.fullDescription.text).not.toBe("");
    expect(rule.help.text).not.toBe("");
    expect(["error", "warning"]).toContain(rule.defaultConfiguration.level);
  }
});

test("a base of relative paths is declared, and a skipped check is a notification", () => {
  const { originalUriBaseIds, invocations } = firstRun(report);
  expect(Object.keys(originalUriBaseIds)).toEqual(["%SRCROOT%"]);
  expect(invocations).toEqual([
    {
      executionSuccessful: true,
      toolExecutionNotifications: [
        { level: "warning", message: { text: "Skipped schemas: kubeconform is not built" } },
      ],
    },
  ]);
});

test("fingerprints tell the findings of two environments apart", () => {
  const fingerprints = firstRun(report).results.map(
    ({ partialFingerprints }: { partialFingerprints: unknown }) =>
      JSON.stringify(partialFingerprints),
  );
  expect(new Set(fingerprints).size).toBe(report.findings.length);
});

test("a clean run has an empty list of results, which closes what was open", () => {
  expect(firstRun(clean).results).toEqual([]);
});

function firstRun(of: typeof report) {
  return JSON.parse(sarifReporter(of)).runs[0];
}
