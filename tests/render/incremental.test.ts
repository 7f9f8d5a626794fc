import { expect, test } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { targetName } from "../../scripts/fleet/target.ts";
import { incrementally } from "../../scripts/render/incremental.ts";
import type { Render } from "../../scripts/render/render.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { configMap, type Files } from "./tree.ts";

const files: Files = {
  "base/shared/kustomization.yaml": "resources:\n  - config-map.yaml\n",
  "base/shared/config-map.yaml": configMap("shared"),
  "overlays/dev/a/kustomization.yaml": "resources:\n  - ../../../base/shared\n",
  "overlays/dev/b/kustomization.yaml":
    "resources:\n  - ../../../base/shared\nconfigMapGenerator:\n  - name: own\n    envs:\n      - own.env\n",
  "overlays/dev/b/own.env": "a=b\n",
  "overlays/dev/c/kustomization.yaml": "resources:\n  - config-map.yaml\n",
  "overlays/dev/c/config-map.yaml": configMap("c"),
};

test.each<[string, Files, readonly string[]]>([
  ["nothing where nothing changes", {}, []],
  ["what takes a changed base", { "base/shared/config-map.yaml": configMap("other") }, ["a", "b"]],
  ["what a changed generator's file is for", { "overlays/dev/b/own.env": "a=c\n" }, ["b"]],
  ["no target that a new file is not named by", { "overlays/dev/c/new.yaml": "a: b\n" }, []],
  [
    "a target whose file is the same in other words",
    { "overlays/dev/c/config-map.yaml": `# why\n${configMap("c")}` },
    ["c"],
  ],
])("incrementally() renders %s", async (_, changes, expected) => {
  const rendered: string[] = [];
  const counting: Render = async (tree, targets) => {
    rendered.push(...targets.map(({ app }) => app));
    return await renderTargets(tree, targets);
  };
  const render = incrementally(counting);
  await render(memoryTree(files), readFleet(memoryTree(files)).targets);
  rendered.length = 0;
  const tree = memoryTree({ ...files, ...changes });
  const { targets } = readFleet(tree);
  const found = await render(tree, targets);
  expect(rendered).toEqual(expected);
  const whole = await renderTargets(tree, targets);
  const shown = (renderings: typeof found) =>
    renderings.map(({ target, resources }) => [
      targetName(target),
      resources.map(({ manifest }) => manifest),
    ]);
  expect(shown(found)).toEqual(shown(whole));
});
