import { describe, expect, it } from "vitest";
import { readFleet } from "../../scripts/fleet/fleet.ts";
import { formatPath, resourceId } from "../../scripts/fleet/resource.ts";
import { targetName } from "../../scripts/fleet/target.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";

describe("readFleet()", () => {
  const fleet = readFleet(
    memoryTree({
      "apps/prod/kustomization.yaml": "",
      "apps/dev/kustomization.yaml": "",
      "base/router/kustomization.yaml": "",
      "clusters/dev/kustomization.yaml": "",
      "overlays/staging/router/kustomization.yaml": "",
      "overlays/dev/router/kustomization.yaml": "",
      "overlays/dev/engine/kustomization.yaml": "",
      "overlays/canary/router/kustomization.yaml": "",
      "overlays/README.md": "",
    }),
  );

  it("reads environments in the order of promotion, the unknown ones last", () => {
    expect(fleet.environments).toEqual(["dev", "staging", "prod", "canary"]);
  });

  it("reads apps from overlays", () => {
    expect(fleet.apps).toEqual(["engine", "router"]);
  });

  it("reads every directory that Argo CD renders", () => {
    expect(fleet.targets.map((target) => `${targetName(target)} ${target.directory}`)).toEqual([
      "dev/clusters clusters/dev",
      "dev/apps apps/dev",
      "dev/engine overlays/dev/engine",
      "dev/router overlays/dev/router",
      "staging/router overlays/staging/router",
      "prod/apps apps/prod",
      "canary/router overlays/canary/router",
    ]);
  });

  it("passes over what git would not have: a directory without a file", () => {
    const tree = memoryTree({ "overlays/dev/router/kustomization.yaml": "" });
    const list = (directory: string) =>
      directory === "overlays/dev"
        ? [...tree.list(directory), { name: "left-over", kind: "directory" as const }]
        : tree.list(directory);
    expect(readFleet({ ...tree, list }).apps).toEqual(["router"]);
  });
});

describe("formatPath()", () => {
  it.each([
    [["spec", "containers", 0, "image"], "spec.containers[0].image"],
    [["metadata", "annotations", "a.b/c"], 'metadata.annotations["a.b/c"]'],
    [[], ""],
  ])("writes %j as %s", (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe("resourceId()", () => {
  it("leaves out the namespace where there is none", () => {
    const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: "x" } };
    expect(resourceId(manifest)).toBe("Namespace/x");
    expect(resourceId({ ...manifest, metadata: { name: "x", namespace: "y" } })).toBe(
      "Namespace/y/x",
    );
  });
});
