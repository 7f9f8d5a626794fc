import { expect, test } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { readText } from "../../scripts/tree/tree.ts";
import { parseYaml } from "../../scripts/yaml/document.ts";
import { list, mapping, valueAt } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";

const applications = new Set(["root", ...["dev", "staging", "prod"].flatMap(namesIn)]);

/** All alerts, as prod has them. */
const rules = (await renderTargets(repository, readFleet(repository).targets))
  .filter(({ target }) => target.environment === "prod")
  .flatMap(({ resources }) => resources.map(({ manifest }) => manifest))
  .filter(({ kind }) => kind === "PrometheusRule")
  .flatMap(({ spec }) => list(mapping(spec).groups).flatMap((group) => list(mapping(group).rules)))
  .map(mapping)
  .filter(({ alert }) => alert !== undefined);

test("an alert goes to the platform's receiver or to the systems', never to both or to none", () => {
  const platform = systemMatcher("platform");
  const systems = systemMatcher("systems");
  expect(platform.matchType).toBe("=~");
  expect(systems.matchType).toBe("!~");
  expect(systems.value).toBe(platform.value);
});

test("the platform's receiver gets the alerts on the root and on every app but the five systems", () => {
  const systems = ["jaguar-engine", "llm-runner-router", "ml-inference", "termite", "understudy"];
  const ofThePlatform = [...applications].filter((name) => !systems.includes(name));
  expect(String(systemMatcher("platform").value).split("|")).toEqual(ofThePlatform.sort());
});

test("every alert is about an Application, whatever its template is filled with", () => {
  expect(new Set(rules.flatMap(systemsOf))).toEqual(applications);
});

test("a critical alert inhibits the warning of its name, on one object, and there is such a pair", () => {
  const pairs = [...Map.groupBy(rules, ({ alert }) => alert)].filter(
    ([, { length }]) => length > 1,
  );
  expect(
    pairs.map(([alert, pair]) => [alert, ...pair.map(({ labels }) => mapping(labels).severity)]),
  ).toContainEqual(["CertificateExpiring", "warning", "critical"]);
  const inhibition = {
    sourceMatch: [{ name: "severity", matchType: "=", value: "critical" }],
    targetMatch: [{ name: "severity", matchType: "=", value: "warning" }],
    equal: ["environment", "system", "alertname", "namespace", "name"],
  };
  for (const name of ["platform", "systems"]) {
    expect(valueAt(config(name), ["spec", "inhibitRules"])).toEqual([inhibition]);
  }
});

/** `name` may be any Application's, the root's included, and `namespace` what the expression selects. */
function systemsOf({ expr, labels }: Readonly<Record<string, unknown>>): readonly string[] {
  const system = String(mapping(labels).system);
  if (system === "{{ $labels.name }}") return [...applications];
  if (!system.startsWith("{{ $labels.namespace |")) return [system];
  const [, namespaces = ""] = /namespace=~"([^"]+)"/.exec(String(expr)) ?? [];
  const renamed = [...system.matchAll(/reReplaceAll "\^(.+?)\$" "(.+?)"/g)].map(([, from, to]) => [
    from,
    to,
  ]);
  return namespaces.split("|").map((name) => Object.fromEntries(renamed)[name] ?? name);
}

function namesIn(environment: string): string[] {
  return repository
    .list(`apps/${environment}`)
    .map(({ name }) => name.replace(/\.yaml$/, ""))
    .filter((name) => name !== "kustomization");
}

function systemMatcher(name: string): Readonly<Record<string, unknown>> {
  const matchers = list(valueAt(config(name), ["spec", "route", "matchers"])).map(mapping);
  return matchers.find((matcher) => matcher.name === "system") ?? {};
}

function config(name: string): unknown {
  const file = `base/monitoring/alertmanager/alertmanager-config-${name}.yaml`;
  const [document] = parseYaml(readText(repository, file) ?? "", file);
  return document?.value;
}
