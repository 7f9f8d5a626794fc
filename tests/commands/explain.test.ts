import { expect, test } from "vitest";
import { folder, slipway } from "./slipway.ts";

const fleet = {
  "base/web/kustomization.yaml": "resources:\n  - config-map.yaml\n",
  "base/web/config-map.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  mode: plain\n  level: info\n",
  "overlays/prod/web/kustomization.yaml":
    "namePrefix: prod-\nresources:\n  - ../../../base/web\npatches:\n  - path: patch-mode.yaml\n",
  "overlays/prod/web/patch-mode.yaml":
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  mode: fast\n",
};

test("slipway explain tells the story of a value with the lines of its sources", async () => {
  const cwd = folder(fleet);
  const { stdout, stderr, exitCode } = await slipway(
    ["explain", "prod/web", "ConfigMap/web", "data.mode"],
    { cwd },
  );
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(stdout).toMatchInlineSnapshot(`
    "ConfigMap/web data.mode is "fast"

      resource (replaced below)
        base/web/config-map.yaml:6:9
        │   mode: plain

      strategic merge patch
        overlays/prod/web/patch-mode.yaml:6:9
        │   mode: fast
        by overlays/prod/web/kustomization.yaml:5:5
        │   - path: patch-mode.yaml
    "
  `);
});

test("slipway explain of a value that is not there exits with 2 and says what is", async () => {
  const cwd = folder(fleet);
  const { stdout, stderr, exitCode } = await slipway(
    ["explain", "prod/web", "ConfigMap/web", "data.mod"],
    { cwd },
  );
  expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
  expect(stderr).toMatchInlineSnapshot(`
    "There is no "data.mod": in place of "mod" there are "mode", "level"
    "
  `);
});

test("slipway render --blame puts the file, the line and the operation before each line", async () => {
  const cwd = folder(fleet);
  const { stdout, stderr, exitCode } = await slipway(["render", "prod/web", "--blame"], { cwd });
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(stdout).toMatchInlineSnapshot(`
    "base/web/config-map.yaml:1:13              resource              │ apiVersion: v1
    base/web/config-map.yaml:5:1               resource              │ data:
    base/web/config-map.yaml:7:10              resource              │   level: info
    overlays/prod/web/patch-mode.yaml:6:9      strategic merge patch │   mode: fast
    base/web/config-map.yaml:2:7               resource              │ kind: ConfigMap
    base/web/config-map.yaml:3:1               resource              │ metadata:
    overlays/prod/web/kustomization.yaml:1:13  namePrefix            │   name: prod-web
    "
  `);
});
