import { expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { targetName } from "../../scripts/fleet/target.ts";
import { renderTargets } from "../../scripts/render/targets.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { configMap, deployment, overlay, renderFiles, router } from "./tree.ts";

it("renderTargets() gives a target's objects as plain data", async () => {
  const [resource] = await renderFiles(overlay("dev", "router", configMap("a")));
  expect(resource?.target).toBe(router);
  expect(resource?.manifest).toEqual({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a" },
  });
});

it("renderTargets() drops what is for kustomize alone", async () => {
  const resources = await renderFiles({
    "overlays/dev/router/kustomization.yaml": "resources:\n  - a.yaml\n  - b.yaml\n",
    "overlays/dev/router/a.yaml": configMap("a"),
    "overlays/dev/router/b.yaml": `${configMap("b")}  annotations:\n    config.kubernetes.io/local-config: "true"\n`,
  });
  expect(resources.map(({ manifest }) => manifest.metadata.name)).toEqual(["a"]);
});

it("renderTargets() renders the others where a target is broken, and says so at its place", async () => {
  const tree = memoryTree({
    ...overlay("dev", "good", configMap("good")),
    ...overlay("dev", "worse", configMap("worse")),
    ...overlay("dev", "bad", "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n"),
  });
  const renderings = await renderTargets(tree, readFleet(tree).targets);
  expect(
    renderings.map(({ target, resources, findings }) => [
      targetName(target),
      resources.map(({ manifest }) => manifest.metadata.name),
      findings.map(({ rule, place }) => `${rule} ${place.file}:${place.line}`),
    ]),
  ).toEqual([
    ["dev/bad", [], ["render overlays/dev/bad/config-map.yaml:1"]],
    ["dev/good", ["good"], []],
    ["dev/worse", ["worse"], []],
  ]);
});

it("renderTargets() keeps targets apart that write to one namespace", async () => {
  const tree = memoryTree({
    "overlays/dev/a/kustomization.yaml":
      "namespace: shared\nconfigMapGenerator:\n  - name: settings\n    literals:\n      - a=b\n",
    "overlays/dev/b/kustomization.yaml": "namespace: shared\nresources:\n  - deployment.yaml\n",
    "overlays/dev/b/deployment.yaml": deployment.replace(
      "          env:\n",
      "          envFrom:\n            - configMapRef:\n                name: settings\n          env:\n",
    ),
  });
  const [a, b] = await renderTargets(tree, readFleet(tree).targets);
  expect(a?.resources[0]?.manifest.metadata.name).toMatch(/^settings-[a-z0-9]{10}$/);
  // The ConfigMap of another target has a hash in its name; this one's reference is its own.
  expect(JSON.stringify(b?.resources[0]?.manifest)).toContain('"name":"settings"}');
});
