import { describe, expect, it } from "vitest";
import { environments, fleetDirectories, readFleet } from "../../scripts/fleet/fleet.ts";
import { formatPath, type Path, type Resource, resourceId } from "../../scripts/fleet/resource.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { readText, walk } from "../../scripts/tree/tree.ts";
import { parseYaml } from "../../scripts/yaml/document.ts";
import { mapping, valueAt } from "../../scripts/yaml/value.ts";
import { mutate, repository } from "../support/mutate.ts";

/** What a fork of this repository would write. */
const fork: Readonly<Record<string, string>> = {
  repository: "https://git.test/fork/fleet.git",
  branch: "trunk",
  "cluster-name": "fork-cluster",
  domain: "models.test",
  project: "fork-project",
  region: "us-south9",
  registry: "registry.test/fork",
  "tpu-zone": "us-south9-b",
};

describe.each(environments)("the environment file of %s", (environment) => {
  const file = `clusters/${environment}/environment/environment.yaml`;
  const before = values(readText(repository, file) ?? "");

  it("has the values that a fork changes, and no others", () => {
    expect(Object.keys(before).sort()).toEqual(Object.keys(fork).sort());
  });

  it("is the only file that holds them", () => {
    const holders = fleetDirectories
      .flatMap((directory) => [...walk(repository, directory)])
      .filter((path) => !path.endsWith("/environment/environment.yaml"))
      .filter((path) => holds(new TextDecoder().decode(repository.read(path)), before));
    expect(holders).toEqual([]);
  });

  it("reaches everything that is rendered, and leaves nothing of the old values", async () => {
    const tree = mutate({
      [file]: (text) =>
        Object.entries(before).reduce(
          (changed, [key, value]) =>
            changed.replace(`${key}: ${value}\n`, `${key}: ${fork[key]}\n`),
          text,
        ),
    });
    expect(values(readText(tree, file) ?? "")).toEqual(fork);
    const targets = readFleet(tree).targets.filter((target) => target.environment === environment);
    const renderings = await renderTargets(tree, targets);
    const resources = renderings.flatMap(({ resources }) => resources);
    expect(renderings.flatMap(({ findings }) => findings)).toEqual([]);
    expect(resources.flatMap((resource) => leftIn(resource, before))).toEqual([]);

    const valueIn = (directory: string, id: string, path: Path) => {
      const resource = resources.find(
        ({ target, manifest: { kind, metadata } }) =>
          target.directory === directory && `${kind}/${metadata.name}` === id,
      );
      return valueAt(resource?.manifest, path);
    };
    const source = ["spec", "sources", 0];
    for (const [directory, id] of [
      [`apps/${environment}`, "Application/llm-runner-router"],
      [`clusters/${environment}`, "Application/root"],
    ] as const) {
      expect(valueIn(directory, id, [...source, "repoURL"])).toBe(
        "https://git.test/fork/fleet.git",
      );
      expect(valueIn(directory, id, [...source, "targetRevision"])).toBe("trunk");
    }
    expect(
      valueIn(`clusters/${environment}`, "AppProject/systems", ["spec", "sourceRepos", 0]),
    ).toBe("https://git.test/fork/fleet.git");
    const app = `overlays/${environment}/llm-runner-router`;
    expect(valueIn(app, "HTTPRoute/llm-runner-router", ["spec", "hostnames"])).toEqual([
      "llm-api.models.test",
      "llm.models.test",
    ]);
    const pool = valueIn(`overlays/${environment}/node-pools`, "ContainerNodePool/general", [
      "spec",
      "clusterRef",
      "external",
    ]);
    expect(pool).toBe("fork-cluster");
    const image = ["spec", "template", "spec", "containers", 0, "image"];
    expect(valueIn(app, "Deployment/llm-runner-router", image)).toMatch(
      /^registry\.test\/fork\/llm-runner-router[:@]/,
    );
  });
});

function values(text: string): Readonly<Record<string, string>> {
  const data = mapping(mapping(parseYaml(text, "environment.yaml")[0]?.value).data);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, String(value)]));
}

function holds(text: string, before: Readonly<Record<string, string>>): boolean {
  const { words, others } = split(before);
  return (
    text
      .split("\n")
      .filter((line) => !line.includes(`${ownName}:`))
      .some((line) => words.some((word) => new RegExp(`: ["']?${word}["']?$`).test(line))) ||
    others.some((value) => text.includes(value))
  );
}

function leftIn(resource: Resource, before: Readonly<Record<string, string>>): string[] {
  const { words, others } = split(before);
  return [...texts(resource.manifest)]
    .filter(
      ({ text, path }) =>
        (words.includes(text) && path.at(-1) !== ownName) ||
        others.some((value) => text.includes(value)),
    )
    .map(({ path }) => `${resourceId(resource.manifest)} ${formatPath(path)}`);
}

/** The branch and the cluster's name are words in many sentences: they count where they are a whole value. */
function split({
  branch = "",
  "cluster-name": cluster = "",
  ...others
}: Readonly<Record<string, string>>) {
  return { words: [branch, cluster], others: Object.values(others) };
}

/** The label with the name of this repository, which a cluster may have too. */
const ownName = "app.kubernetes.io/part-of";

function* texts(value: unknown, path: Path = []): Generator<{ path: Path; text: string }> {
  if (typeof value === "string") yield { path, text: value };
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    yield* texts(item, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}
