import { expect, it } from "vitest";
import { variableFindings, variablesCheck } from "../../scripts/checks/variables/index.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { resourcesIn } from "../policies/resources.ts";

const programs = [
  { file: "base/proxy/variables.yaml", image: "proxy", source: "x", variables: ["PROXY_LISTEN"] },
];

function findings(image: string, name: string): string[] {
  const resources = resourcesIn(`
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: proxy}
  spec:
    template:
      spec:
        containers:
          - image: ${image}
            env:
              - {name: ${name}, value: x}`);
  return variableFindings(resources, programs).map(
    ({ place, message, help }) => `${place.line} ${message} | ${help}`,
  );
}

it.each([
  ["a variable that the program reads", "ghcr.io/x/proxy:v1", "PROXY_LISTEN"],
  ["any variable of a program that nobody declared", "ghcr.io/x/server:v1", "ANYTHING"],
])("is silent about %s", (_, image, name) => {
  expect(findings(image, name)).toEqual([]);
});

it.each([
  "proxy",
  "ghcr.io/x/proxy:v1",
  "host:5000/proxy@sha256:00",
  "ghcr.io/x/proxy:v1@sha256:00",
])("finds a variable of image %s that nothing reads", (image) => {
  expect(findings(image, "PROXY_LISTENS")).toEqual([
    '11 The program "proxy" does not read the variable "PROXY_LISTENS": did you mean "PROXY_LISTEN"? | Remove it, or add it to "base/proxy/variables.yaml" with a release that reads it',
  ]);
});

it("says what is wrong with a list", async () => {
  const tree = memoryTree({
    "base/proxy/variables.yaml": "programs: [{image: proxy, source: x, variables: [A-B]}]\n",
  });
  const fleet = { environments: [], apps: [], targets: [] };
  expect(await variablesCheck.run({ tree, fleet, renderings: [] })).toMatchObject({
    findings: [
      {
        rule: "variables-list",
        message:
          '"programs[0].variables[0]" is not as it should be: must be the name of a variable',
      },
    ],
  });
});
