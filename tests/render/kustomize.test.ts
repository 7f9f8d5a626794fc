import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CORE_SCHEMA, loadAll } from "js-yaml";
import { describe, expect, it, vi } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { type Target, targetName } from "../../scripts/fleet/target.ts";
import { batches } from "../../scripts/render/batches.ts";
import { readGraph } from "../../scripts/render/graph.ts";
import { renderWithKustomize, renderYaml } from "../../scripts/render/kustomize.ts";
import { readSources } from "../../scripts/render/sources.ts";
import { run } from "../../scripts/tools/process.ts";
import { tool } from "../../scripts/tools/tool.ts";
import { memoryTree, overlayTree } from "../../scripts/tree/memory.ts";
import { repository } from "../support/mutate.ts";
import { deployment, type Files, renderFiles, router } from "./tree.ts";

describe("renderWithKustomize()", () => {
  it("renders every target of this repository as kustomize alone does", async () => {
    const { targets } = readFleet(repository);
    for (const { target, resources, findings } of await renderWithKustomize(repository, targets)) {
      const alone = loadAll(await renderYaml(repository, target), { schema: CORE_SCHEMA });
      expect(findings, targetName(target)).toEqual([]);
      expect(
        resources.map(({ manifest }) => manifest),
        targetName(target),
      ).toEqual(alone);
    }
  });

  it("keeps annotations and leaves none of its own", async () => {
    const resources = await renderFiles({
      "overlays/dev/router/kustomization.yaml": "resources:\n  - a.yaml\n  - b.yaml\n",
      "overlays/dev/router/a.yaml": configMap("a"),
      "overlays/dev/router/b.yaml": `${configMap("b")}  annotations:\n    team: ml\n`,
    });
    expect(resources.map(({ manifest }) => manifest.metadata)).toEqual([
      { name: "a" },
      { name: "b", annotations: { team: "ml" } },
    ]);
  });

  it("drops what is for kustomize alone", async () => {
    const resources = await renderFiles({
      "overlays/dev/router/kustomization.yaml": "resources:\n  - a.yaml\n  - b.yaml\n",
      "overlays/dev/router/a.yaml": configMap("a"),
      "overlays/dev/router/b.yaml": `${configMap("b")}  annotations:\n    config.kubernetes.io/local-config: "true"\n`,
    });
    expect(resources.map(({ manifest }) => manifest.metadata.name)).toEqual(["a"]);
  });

  it("renders the others where a target is broken, and says so at its place", async () => {
    const files: Files = {
      ...overlay("dev", "good", configMap("good")),
      ...overlay("dev", "worse", configMap("worse")),
      ...overlay("dev", "bad", "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n"),
    };
    const tree = memoryTree(files);
    const renderings = await renderWithKustomize(tree, readFleet(tree).targets);
    expect(
      renderings.map(({ target, resources, findings }) => [
        targetName(target),
        resources.map(({ manifest }) => manifest.metadata.name),
        findings.map(({ rule, message, place }) => ({ rule, message, place })),
      ]),
    ).toEqual([
      [
        "dev/bad",
        [],
        [
          {
            rule: "render",
            message: 'Missing metadata.name: kustomize cannot build "overlays/dev/bad"',
            place: { file: "overlays/dev/bad/config-map.yaml", line: 1 },
          },
        ],
      ],
      ["dev/good", ["good"], []],
      ["dev/worse", ["worse"], []],
    ]);
  });

  it("keeps targets apart that write to one namespace", async () => {
    const tree = memoryTree({
      "overlays/dev/a/kustomization.yaml":
        "namespace: shared\nconfigMapGenerator:\n  - name: settings\n    literals:\n      - a=b\n",
      "overlays/dev/b/kustomization.yaml": "namespace: shared\nresources:\n  - deployment.yaml\n",
      "overlays/dev/b/deployment.yaml": deployment.replace(
        "          env:\n",
        "          envFrom:\n            - configMapRef:\n                name: settings\n          env:\n",
      ),
    });
    const [a, b] = await renderWithKustomize(tree, readFleet(tree).targets);
    expect(a?.resources[0]?.manifest.metadata.name).toMatch(/^settings-[a-z0-9]{10}$/);
    // Alone, nothing tells kustomize that the ConfigMap of another target has a hash in its name.
    expect(JSON.stringify(b?.resources[0]?.manifest)).toContain('"name":"settings"}');
  });

  it("leaves no folder behind, also where it fails", async () => {
    const own = mkdtempSync(join(tmpdir(), "slipway-test-"));
    vi.stubEnv("TMPDIR", own);
    try {
      const missing = renderYaml(memoryTree({}), router);
      await expect(missing).rejects.toThrow("There is no");
      const refused = renderYaml(memoryTree(overlay("dev", "router", "kind: ConfigMap\n")), router);
      await expect(refused).rejects.toThrow("kustomize cannot build");
      const used = new Set<string>();
      const tree = memoryTree(overlay("dev", "router", configMap("a")));
      const read = (path: string) => {
        for (const name of readdirSync(own)) used.add(name);
        return tree.read(path);
      };
      await renderYaml({ ...tree, read }, router);
      expect(used.size).toBe(1);
      expect(readdirSync(own)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      rmSync(own, { recursive: true });
    }
  });
});

describe("renderYaml()", () => {
  it("prints what kustomize prints", async () => {
    const { targets } = readFleet(repository);
    const target = targets.find((one) => targetName(one) === "prod/llm-runner-router") ?? router;
    const { stdout } = await run(await tool("kustomize"), ["build", target.directory]);
    expect(await renderYaml(repository, target)).toBe(stdout);
  });

  it("renders a tree with a change that is not on disk", async () => {
    const file = "overlays/prod/llm-runner-router/release/kustomization.yaml";
    const changed = overlayTree(repository, { [file]: undefined });
    const target = { ...router, directory: "overlays/prod/llm-runner-router" };
    await expect(renderYaml(changed, target)).rejects.toThrow(/"components", and there is no/);
  });

  it.each<[string, Files, string]>([
    [
      "nothing to render",
      { "overlays/dev/router/notes.md": "" },
      'Cannot render "dev/router": There is no "kustomization.yaml" in "overlays/dev/router" (overlays/dev/router/kustomization.yaml:1)',
    ],
    [
      "what kustomize refuses",
      overlay("dev", "router", "kind: ConfigMap\n"),
      'Cannot render "dev/router": Missing metadata.name: kustomize cannot build "overlays/dev/router" (overlays/dev/router/config-map.yaml:1)',
    ],
  ])("says in one sentence why there is %s", async (_, files, message) => {
    await expect(renderYaml(memoryTree(files), router)).rejects.toThrow(message);
  });
});

describe("batches()", () => {
  it.each<[string, Files, readonly (readonly string[])[]]>([
    [
      "environments apart",
      { ...namespaced("dev", "a", "x"), ...namespaced("prod", "a", "x") },
      [["dev/a"], ["prod/a"]],
    ],
    [
      "targets of one environment together",
      { ...namespaced("dev", "a", "x"), ...namespaced("dev", "b", "y") },
      [["dev/a", "dev/b"]],
    ],
    [
      "targets of one namespace apart",
      {
        ...namespaced("dev", "a", "x"),
        ...namespaced("dev", "b", "x"),
        ...namespaced("dev", "c", "y"),
      },
      [["dev/a", "dev/c"], ["dev/b"]],
    ],
    [
      "what acts on its neighbours alone",
      {
        ...namespaced("dev", "a", "x"),
        ...namespaced("dev", "b", "y"),
        "overlays/dev/a/kustomization.yaml": "namespace: x\nvars: []\n",
      },
      [["dev/b"], ["dev/a"]],
    ],
    [
      "what changes how references are renamed alone",
      {
        ...namespaced("dev", "a", "x"),
        ...namespaced("dev", "b", "y"),
        "overlays/dev/b/kustomization.yaml": "namespace: y\nconfigurations:\n  - names.yaml\n",
        "overlays/dev/b/names.yaml": "nameReference: []\n",
      },
      [["dev/a"], ["dev/b"]],
    ],
    [
      "what says where images stand with the others",
      {
        ...namespaced("dev", "a", "x"),
        ...namespaced("dev", "b", "y"),
        "overlays/dev/b/kustomization.yaml": "namespace: y\nconfigurations:\n  - images.yaml\n",
        "overlays/dev/b/images.yaml": "images: []\n",
      },
      [["dev/a", "dev/b"]],
    ],
  ])("puts %s", (_, files, expected) => {
    const tree = memoryTree(files);
    const sources = readSources(tree);
    const jobs = readFleet(tree).targets.map((target: Target) => ({
      target,
      graph: readGraph(sources, target.directory),
    }));
    expect(
      batches(sources, jobs).map((batch) => batch.map(({ target }) => targetName(target))),
    ).toEqual(expected);
  });
});

function configMap(name: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
}

function overlay(environment: string, app: string, manifest: string): Files {
  const directory = `overlays/${environment}/${app}`;
  return {
    [`${directory}/kustomization.yaml`]: "resources:\n  - config-map.yaml\n",
    [`${directory}/config-map.yaml`]: manifest,
  };
}

function namespaced(environment: string, app: string, namespace: string): Files {
  return {
    [`overlays/${environment}/${app}/kustomization.yaml`]: `namespace: ${namespace}\n`,
  };
}
