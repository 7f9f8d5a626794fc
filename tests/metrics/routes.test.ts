import { expect, test } from "vitest";
import { readText } from "../../scripts/tree/tree.ts";
import { parseYaml } from "../../scripts/yaml/document.ts";
import { list, mapping, valueAt } from "../../scripts/yaml/value.ts";
import { repository } from "../support/mutate.ts";

const folder = "base/monitoring/alertmanager";

test("an alert goes to the platform's receiver or to the systems', never to both or to none", () => {
  const platform = systemMatcher("platform");
  const systems = systemMatcher("systems");
  expect(platform.matchType).toBe("=~");
  expect(systems.matchType).toBe("!~");
  expect(systems.value).toBe(platform.value);
});

test("every app that the platform's alerts are about is one of the platform's", () => {
  const value = String(systemMatcher("platform").value);
  const rules = repository
    .list("base/monitoring/rules")
    .map(({ name }) => readText(repository, `base/monitoring/rules/${name}`) ?? "")
    .flatMap((text) => [...text.matchAll(/^ +system: ([a-z-]+)$/gm)].map(([, name]) => name));
  expect(new Set(rules).size).toBeGreaterThan(4);
  expect([...new Set(rules)].filter((name) => !value.split("|").includes(name ?? ""))).toEqual([]);
});

function systemMatcher(name: string): Readonly<Record<string, unknown>> {
  const file = `${folder}/alertmanager-config-${name}.yaml`;
  const [document] = parseYaml(readText(repository, file) ?? "", file);
  const matchers = list(valueAt(document?.value, ["spec", "route", "matchers"])).map(mapping);
  return matchers.find((matcher) => matcher.name === "system") ?? {};
}
