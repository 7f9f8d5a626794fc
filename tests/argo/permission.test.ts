import { describe, expect, it } from "vitest";
import { fileMatches, globMatches } from "../../scripts/checks/argo/glob.ts";
import {
  isDestinationPermitted,
  isKindPermitted,
  isSourcePermitted,
} from "../../scripts/checks/argo/permission.ts";
import type { Manifest } from "../../scripts/fleet/resource.ts";
import { isClusterScoped } from "../../scripts/fleet/scope.ts";

const project = (spec: object): Manifest => ({
  apiVersion: "argoproj.io/v1alpha1",
  kind: "AppProject",
  metadata: { name: "systems" },
  spec,
});

const object = (apiVersion: string, kind: string, name = "x"): Manifest => ({
  apiVersion,
  kind,
  metadata: { name },
});

describe("globMatches()", () => {
  it.each([
    ["*", "anything/at/all", "/", true],
    ["https://github.com/*/fleet", "https://github.com/example/fleet", "/", true],
    ["https://github.com/*", "https://github.com/example/fleet", "/", false],
    ["https://github.com/**", "https://github.com/example/fleet", "/", true],
    ["llm-*", "llm-systems-dev", "", true],
    ["llm-?", "llm-a", "", true],
    ["llm-?", "llm-ab", "", false],
    ["llm-[a-c]", "llm-b", "", true],
    ["llm-[!a-c]", "llm-b", "", false],
    ["{llm,jaguar}-systems", "jaguar-systems", "", true],
    ["{llm,jaguar}-systems", "other-systems", "", false],
    ["llm.systems", "llm-systems", "", false],
    ["{llm", "{llm", "", false],
  ])("%s on %s", (pattern, value, separator, expected) => {
    expect(globMatches(pattern, value, separator)).toBe(expected);
  });
});

describe("fileMatches()", () => {
  it.each([
    ["*", "Deployment", true],
    ["Deploy*", "Deployment", true],
    ["Deploy?", "Deployment", false],
    ["keda-[a-m]*", "keda-admission", true],
    ["keda-[^a-m]*", "keda-admission", false],
    ["system:*", "system:auth-delegator", true],
    ["*", "a/b", false],
    ["{a,b}", "a", false],
    ["{a,b}", "{a,b}", true],
    ["a.b", "a-b", false],
    ["\\*", "*", true],
    ["[", "[", false],
  ])("%s on %s", (pattern, value, expected) => {
    expect(fileMatches(pattern, value)).toBe(expected);
  });
});

describe("isSourcePermitted()", () => {
  const repository = "https://github.com/example/fleet.git";

  it.each<[string, readonly string[], boolean]>([
    ["no list", [], false],
    ["the repository", [repository], true],
    ["the repository in another spelling", ["https://GitHub.com/Example/fleet"], true],
    ["another repository", ["https://github.com/example/other.git"], false],
    ["every repository", ["*"], true],
    ["a pattern", ["https://github.com/example/*"], true],
    ["every repository but this", ["*", "!https://github.com/example/fleet"], false],
    ["every repository but another", ["*", "!https://github.com/example/other"], true],
    ["a denial alone, which allows the rest", ["!https://github.com/example/other"], true],
  ])("%s", (_, sourceRepos, expected) => {
    expect(isSourcePermitted(project({ sourceRepos }), repository)).toBe(expected);
  });

  it("takes two spellings of SSH for one", () => {
    const sourceRepos = ["git@github.com:example/fleet.git"];
    expect(isSourcePermitted(project({ sourceRepos }), "ssh://git@github.com/example/fleet")).toBe(
      true,
    );
  });
});

describe("isDestinationPermitted()", () => {
  const server = "https://kubernetes.default.svc";

  it.each<[string, readonly object[], boolean]>([
    ["no list", [], false],
    ["the namespace", [{ server, namespace: "llm-systems" }], true],
    ["a pattern", [{ server, namespace: "llm-*" }], true],
    ["another namespace", [{ server, namespace: "jaguar" }], false],
    ["another server", [{ server: "https://elsewhere", namespace: "llm-systems" }], false],
    ["every server", [{ server: "*", namespace: "llm-systems" }], true],
    ["a name where the server is given", [{ name: "in-cluster", namespace: "llm-systems" }], false],
    [
      "every namespace but this",
      [
        { server, namespace: "*" },
        { server, namespace: "!llm-systems" },
      ],
      false,
    ],
    [
      "every namespace but another",
      [
        { server, namespace: "*" },
        { server, namespace: "!kube-system" },
      ],
      true,
    ],
    [
      "every server but this",
      [
        { server: "*", namespace: "*" },
        { server: `!${server}`, namespace: "*" },
      ],
      false,
    ],
  ])("%s", (_, destinations, expected) => {
    expect(
      isDestinationPermitted(project({ destinations }), { server, namespace: "llm-systems" }),
    ).toBe(expected);
  });

  it("matches a cluster by its name", () => {
    const destinations = [{ name: "in-cluster", namespace: "*" }];
    expect(
      isDestinationPermitted(project({ destinations }), { name: "in-cluster", namespace: "a" }),
    ).toBe(true);
  });
});

describe("isKindPermitted()", () => {
  const deployment = object("apps/v1", "Deployment");
  const namespace = object("v1", "Namespace", "llm-systems");

  it.each<[string, object, Manifest, boolean]>([
    ["a namespaced kind without a list", {}, deployment, true],
    ["a namespaced kind by an empty list", { namespaceResourceWhitelist: [] }, deployment, false],
    [
      "a listed kind",
      { namespaceResourceWhitelist: [{ group: "apps", kind: "Deployment" }] },
      deployment,
      true,
    ],
    [
      "a kind of another group",
      { namespaceResourceWhitelist: [{ group: "extensions", kind: "Deployment" }] },
      deployment,
      false,
    ],
    [
      "a pattern",
      { namespaceResourceWhitelist: [{ group: "*", kind: "Deploy*" }] },
      deployment,
      true,
    ],
    [
      "a forbidden kind",
      { namespaceResourceBlacklist: [{ group: "apps", kind: "Deployment" }] },
      deployment,
      false,
    ],
    ["a cluster-scoped kind without a list", {}, namespace, false],
    ["a cluster-scoped kind by an empty list", { clusterResourceWhitelist: [] }, namespace, false],
    [
      "a listed cluster-scoped kind",
      { clusterResourceWhitelist: [{ group: "", kind: "Namespace" }] },
      namespace,
      true,
    ],
    [
      "a cluster-scoped kind listed for namespaces",
      { namespaceResourceWhitelist: [{ group: "", kind: "Namespace" }] },
      namespace,
      false,
    ],
    [
      "a cluster-scoped object by its name",
      { clusterResourceWhitelist: [{ group: "", kind: "Namespace", name: "llm-*" }] },
      namespace,
      true,
    ],
    [
      "a cluster-scoped object of another name",
      { clusterResourceWhitelist: [{ group: "", kind: "Namespace", name: "jaguar" }] },
      namespace,
      false,
    ],
    [
      "a cluster-scoped kind that is forbidden too",
      {
        clusterResourceWhitelist: [{ group: "*", kind: "*" }],
        clusterResourceBlacklist: [{ group: "", kind: "Namespace" }],
      },
      namespace,
      false,
    ],
  ])("%s", (_, spec, manifest, expected) => {
    expect(isKindPermitted(project(spec), manifest, isClusterScoped(manifest, []))).toBe(expected);
  });
});

describe("isClusterScoped()", () => {
  const definition = (scope: string): Manifest => ({
    ...object("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    spec: { group: "example.com", names: { kind: "Widget" }, scope, versions: [{ name: "v1" }] },
  });

  it.each<[string, Manifest, readonly Manifest[], boolean]>([
    ["Namespace", object("v1", "Namespace"), [], true],
    ["Deployment", object("apps/v1", "Deployment"), [], false],
    ["a kind of the same name in another group", object("example.com/v1", "Node"), [], false],
    ["an unknown kind", object("example.com/v1", "Widget"), [], false],
    ["a kind by its CRD", object("example.com/v1", "Widget"), [definition("Cluster")], true],
    ["a kind by its CRD", object("example.com/v1", "Widget"), [definition("Namespaced")], false],
  ])("%s", (_, manifest, definitions, expected) => {
    expect(isClusterScoped(manifest, definitions)).toBe(expected);
  });
});
