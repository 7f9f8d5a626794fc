import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { schemaChecks } from "../../scripts/checks/schema/index.ts";
import { valid, withChange } from "./manifests.ts";
import { check, hasKubeconform, packagesOnly } from "./resources.ts";

type Seed = [
  kind: keyof typeof valid,
  path: (string | number)[],
  value: unknown,
  at: string,
  message: string,
];

/** One mistake each, and the one thing a person is to read about it. */
const seeds: Seed[] = [
  [
    "Deployment",
    ["spec", "template", "spec", "containers", 0, "imagePullPolcy"],
    "Always",
    "spec.template.spec.containers[0].imagePullPolcy",
    'Unknown field "imagePullPolcy" in "spec.template.spec.containers[0]": did you mean "imagePullPolicy"?',
  ],
  [
    "Deployment",
    ["spec", "replicas"],
    "2",
    "spec.replicas",
    '"spec.replicas" must be an integer: it is the string "2"',
  ],
  [
    "Deployment",
    ["spec", "selector"],
    undefined,
    "spec.selector",
    'Missing field "selector" in "spec"',
  ],
  [
    "Application",
    ["spec", "syncPolicy", "automated", "selfheal"],
    true,
    "spec.syncPolicy.automated.selfheal",
    'Unknown field "selfheal" in "spec.syncPolicy.automated": did you mean "selfHeal"?',
  ],
  [
    "Application",
    ["spec", "project"],
    undefined,
    "spec.project",
    'Missing field "project" in "spec"',
  ],
  [
    "ServiceMonitor",
    ["spec", "endpoints", 0, "intervall"],
    "30s",
    "spec.endpoints[0].intervall",
    'Unknown field "intervall" in "spec.endpoints[0]": did you mean "interval"?',
  ],
  [
    "ServiceMonitor",
    ["metadata", "lables"],
    {},
    "metadata.lables",
    'Unknown field "lables" in "metadata": did you mean "labels"?',
  ],
  [
    "HTTPRoute",
    ["spec", "rules", 0, "backendRefs", 0, "prt"],
    80,
    "spec.rules[0].backendRefs[0].prt",
    'Unknown field "prt" in "spec.rules[0].backendRefs[0]": did you mean "port"?',
  ],
  [
    "HTTPRoute",
    ["spec", "rules", 0, "matches", 0, "path", "type"],
    "Prefix",
    "spec.rules[0].matches[0].path.type",
    '"spec.rules[0].matches[0].path.type" must be one of "Exact", "PathPrefix", "RegularExpression": it is the string "Prefix"',
  ],
  [
    "SealedSecret",
    ["spec", "template", "metdata"],
    {},
    "spec.template.metdata",
    'Unknown field "metdata" in "spec.template": did you mean "metadata"?',
  ],
  [
    "SealedSecret",
    ["spec", "encryptedData", "token"],
    1,
    "spec.encryptedData.token",
    '"spec.encryptedData.token" must be a string: it is 1',
  ],
  [
    "HorizontalPodAutoscaler",
    ["spec", "metrics", 0, "resource", "target", "averageUtilisation"],
    70,
    "spec.metrics[0].resource.target.averageUtilisation",
    'Unknown field "averageUtilisation" in "spec.metrics[0].resource.target": did you mean "averageUtilization"?',
  ],
  [
    "HorizontalPodAutoscaler",
    ["spec", "scaleTargetRef", "name"],
    undefined,
    "spec.scaleTargetRef.name",
    'Missing field "name" in "spec.scaleTargetRef"',
  ],
];

describe.each([
  { layers: "the packages", ids: packagesOnly, runs: true },
  { layers: "kubeconform", ids: ["schema-kubeconform"], runs: hasKubeconform },
  { layers: "all layers", ids: schemaChecks.map(({ id }) => id), runs: hasKubeconform },
])("with $layers", ({ ids, runs }) => {
  it.runIf(runs)(
    "schemaChecks find nothing in objects that are in order",
    async () => {
      expect(await check(Object.values(valid), ids)).toEqual([]);
    },
    300_000,
  );

  it.runIf(runs).each(seeds)(
    "schemaChecks find exactly what is wrong in %s at %j",
    async (kind, path, value, at, message) => {
      const findings = await check([withChange(valid[kind], path, value)], ids);
      expect(findings.map((one) => [one.path, one.message])).toEqual([[at, message]]);
      expect(findings[0]?.place).toEqual({ file: "x.yaml", line: 1 });
    },
  );

  it.runIf(runs)(
    "schemaChecks take what the storage of a Prometheus claims for no kind of its own",
    async () => {
      const claimed = (claim: object) =>
        check([withChange(prometheus, ["spec", "storage", "volumeClaimTemplate"], claim)], ids);
      expect(await claimed({ spec: {} })).toEqual([]);
      expect(await claimed({ apiVersion: "v1", kind: "PersistentVolumeClaim" })).toEqual([]);
      const findings = await claimed({ kind: 1, spec: { storageClasName: "ssd" } });
      expect(findings.map(({ path }) => path).sort()).toEqual([
        "spec.storage.volumeClaimTemplate.kind",
        "spec.storage.volumeClaimTemplate.spec.storageClasName",
      ]);
    },
  );

  it.runIf(runs)("schemaChecks tell each of several mistakes once", async () => {
    const { metadata } = valid.Deployment;
    const containers = [{ name: "a", foo: 1, bar: 2, env: [{ nam: "x", name: "y", vlaue: "" }] }];
    const template = { metadata: { labels: { a: "b" } }, spec: { containers } };
    const findings = await check(
      [
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata,
          sepc: {},
          spec: { selectr: {}, replicas: "2", template },
        },
      ],
      ids,
    );
    const container = "spec.template.spec.containers[0]";
    expect(findings.map(({ path }) => path).sort()).toEqual([
      "sepc",
      "spec.replicas",
      "spec.selectr",
      `${container}.bar`,
      `${container}.env[0].nam`,
      `${container}.env[0].vlaue`,
      `${container}.foo`,
    ]);
  });
});

describe("kinds", () => {
  it.each([
    ["apps/v1", "Deploymnet", 'did you mean kind "Deployment"?', "kind"],
    ["apps/v1", "deployment", 'did you mean kind "Deployment"?', "kind"],
    ["v1", "Deployment", 'did you mean apiVersion "apps/v1"?', "apiVersion"],
    ["policy/v1beta1", "PodDisruptionBudget", 'did you mean apiVersion "policy/v1"?', "apiVersion"],
    ["argoproj.io/v1alpha1", "Aplication", 'did you mean kind "Application"?', "kind"],
    ["v1", "Container", 'No schema is known for kind "Container" in "v1"', "kind"],
    ["example.com/v1", "Pool", 'No schema is known for kind "Pool" in "example.com/v1"', "kind"],
  ])("schema-values reports %s %s", async (apiVersion, kind, message, path) => {
    const findings = await check([{ apiVersion, kind, metadata: { name: "a" } }], packagesOnly);
    expect(findings).toMatchObject([{ rule: "schema-unknown-kind", path }]);
    expect(findings[0]?.message).toContain(message);
  });

  it("schema-values leaves a kind of a known operator that has no package to its CRD", async () => {
    const workflow = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: { name: "a" },
    };
    expect(await check([workflow], ["schema-values"])).toEqual([]);
  });

  it.runIf(hasKubeconform)("schema-kubeconform reports what no CRD has", async () => {
    const workflow = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: { name: "a" },
    };
    const findings = await check([workflow], ["schema-kubeconform"]);
    expect(findings).toMatchObject([{ rule: "schema-unknown-kind" }]);
  });

  it("schema-values and schema-fields check a kind of GKE's without a CRD", async () => {
    expect(await check([healthCheck], packagesOnly)).toEqual([]);
    const findings = await check(
      [
        withChange(healthCheck, ["spec", "default", "intervalSec"], 15),
        withChange(healthCheck, ["spec", "default", "config", "type"], "WS"),
        withChange(healthCheck, ["kind"], "HealthCheckPolcy"),
      ],
      packagesOnly,
    );
    expect(findings.map(({ rule, path }) => `${rule} ${path}`).sort()).toEqual([
      "schema-invalid-value spec.default.config.type",
      "schema-unknown-field spec.default.intervalSec",
      "schema-unknown-kind kind",
    ]);
  });

  it.runIf(hasKubeconform)("schema-kubeconform leaves a kind of GKE's to its package", async () => {
    expect(await check([healthCheck], ["schema-kubeconform"])).toEqual([]);
  });

  it.runIf(hasKubeconform)(
    "schema-kubeconform checks an operator that has no package",
    async () => {
      const broker = { apiVersion: "rabbitmq.com/v1beta1", kind: "RabbitmqCluster" };
      const findings = await check([
        { ...broker, metadata: { name: "a" }, spec: { replicas: 3 } },
        { ...broker, metadata: { name: "b" }, spec: { replica: 3 } },
      ]);
      expect(findings).toMatchObject([
        {
          resource: "RabbitmqCluster/b",
          message: 'Unknown field "replica" in "spec": did you mean "replicas"?',
        },
      ]);
    },
  );

  it.runIf(hasKubeconform)("a CRD of the fleet's own defines its kind", async () => {
    const findings = await check([
      poolDefinition,
      { apiVersion: "example.com/v1", kind: "Pool", metadata: { name: "a" }, spec: { size: 1 } },
      { apiVersion: "example.com/v1", kind: "Pool", metadata: { name: "b" }, spec: { szie: 1 } },
    ]);
    expect(findings).toMatchObject([
      { resource: "Pool/b", message: 'Unknown field "szie" in "spec": did you mean "size"?' },
    ]);
  });
});

describe("where Go and kubeconform are absent", () => {
  const cache = mkdtempSync(join(tmpdir(), "slipway-test-"));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
  });

  it("schema-kubeconform is skipped with its reason", async () => {
    vi.stubEnv("XDG_CACHE_HOME", cache);
    vi.stubEnv("PATH", "/nowhere");
    const result = await schemaChecks
      .find(({ id }) => id === "schema-kubeconform")
      ?.run({ tree: {}, fleet: {}, renderings: [] } as never);
    expect(result).toEqual({
      status: "skipped",
      reason: expect.stringContaining("there is no Go on PATH"),
    });
  });
});

const healthCheck = {
  apiVersion: "networking.gke.io/v1",
  kind: "HealthCheckPolicy",
  metadata: { name: "router" },
  spec: {
    default: { config: { type: "HTTP", httpHealthCheck: { requestPath: "/health" } } },
    targetRef: { group: "", kind: "Service", name: "router" },
  },
};

const prometheus = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "Prometheus",
  metadata: { name: "platform" },
  spec: { storage: {} },
};

const poolDefinition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "pools.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { kind: "Pool", plural: "pools" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", properties: { size: { type: "integer" } } } },
          },
        },
      },
    ],
  },
};
