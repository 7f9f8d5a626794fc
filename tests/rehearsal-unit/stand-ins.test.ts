import { load } from "js-yaml";
import { expect, test } from "vitest";
import type { Manifest, Resource } from "../../scripts/fleet/resource.ts";
import {
  selfSignedIssuers,
  withoutUnserved,
  writeStandIns,
} from "../../scripts/rehearsal/stand-ins.ts";
import { memoryTree } from "../../scripts/tree/memory.ts";

const kept = { target: { kind: "Namespace" }, patch: "kept" };

const application: Manifest = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Application",
  metadata: { name: "databases" },
  spec: { sources: [{ path: "one" }, { path: "two", kustomize: { patches: [kept] } }] },
};

function webhookOf(name: string, service: string): Manifest {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name },
    webhooks: [{ clientConfig: { service: { namespace: "databases", name: service } } }],
  };
}

test("withoutUnserved() removes webhooks whose Service leads to no program", () => {
  const objects = [webhookOf("judge", "nobody")];
  const [standIn, ...more] = withoutUnserved(
    "dev",
    [{ application, source: 1, objects }],
    new Set(["databases/somebody"]),
  );
  expect(more).toEqual([]);
  expect(standIn).toMatchObject({
    directory: "apps/dev",
    target: { kind: "Application", name: "databases" },
    told: "without ValidatingWebhookConfiguration judge",
  });
  const [operation] = (standIn?.patch ?? []) as [{ path: string; value: { patches: object[] } }];
  expect(operation.path).toBe("/spec/sources/1/kustomize");
  expect(operation.value.patches).toEqual([
    kept,
    expect.objectContaining({ target: { kind: "ValidatingWebhookConfiguration" } }),
  ]);
  const [, removal] = operation.value.patches as [object, { patch: string }];
  expect(load(removal.patch)).toMatchObject({
    kind: "ValidatingWebhookConfiguration",
    $patch: "delete",
  });
});

test("withoutUnserved() removes an aggregated API that nobody serves", () => {
  const api = {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1.metrics.example.com" },
    spec: { service: { namespace: "databases", name: "nobody" } },
  };
  const upstream = { application, source: 0, objects: [api] };
  expect(withoutUnserved("dev", [upstream], new Set())).toHaveLength(1);
  expect(withoutUnserved("dev", [upstream], new Set(["databases/nobody"]))).toEqual([]);
});

test("selfSignedIssuers() replaces what would ask an authority on the internet, and nothing else", () => {
  const issuerOf = (name: string, spec: object) =>
    ({
      target: { app: "gateway", environment: "dev", directory: "overlays/dev/gateway" },
      manifest: { apiVersion: "cert-manager.io/v1", kind: "Issuer", metadata: { name }, spec },
    }) as unknown as Resource;
  const issuers = [issuerOf("public", { acme: {} }), issuerOf("internal", { ca: {} })];
  expect(selfSignedIssuers(issuers)).toEqual([
    {
      directory: "overlays/dev/gateway",
      target: { kind: "Issuer", name: "public" },
      patch: [{ op: "replace", path: "/spec", value: { selfSigned: {} } }],
      told: "Issuer public signs by itself instead of by ACME",
    },
  ]);
});

test("writeStandIns() patches what a directory renders after the directory's own patches", () => {
  const file = "overlays/dev/gateway/kustomization.yaml";
  const tree = memoryTree({ [file]: "namespace: gateway\npatches: [path: patch-issuer.yaml]\n" });
  const files = writeStandIns(tree, [
    {
      directory: "overlays/dev/gateway",
      target: { kind: "Issuer", name: "public" },
      patch: [{ op: "remove", path: "/spec/acme" }],
      told: "",
    },
  ]);
  expect(Object.keys(files)).toEqual([file]);
  expect(load(files[file] ?? "")).toEqual({
    namespace: "gateway",
    patches: [
      { path: "patch-issuer.yaml" },
      {
        target: { kind: "Issuer", name: "public" },
        patch: "- op: remove\n  path: /spec/acme\n",
      },
    ],
  });
});
