import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildFiles } from "../engine.ts";
import { type Files, type Oracle, openOracle } from "../oracle.ts";

let oracle: Oracle;
beforeAll(async () => {
  oracle = await openOracle();
});
afterAll(() => oracle.close());

test("references follow names as kustomize has it, over prefixes, suffixes and namespaces", async () => {
  let built = 0;
  await fc.assert(
    fc.asyncProperty(world, async (files) => {
      const expected = await oracle.build(files, "top", { reorder: "none" });
      const actual = buildFiles(files, "top", { reorder: "none" });
      if ("output" in expected) {
        built += 1;
        expect(actual).toEqual(expected);
      } else expect(actual).toHaveProperty("error");
    }),
    { numRuns: Number(process.env.RANDOM_RUNS ?? 150) },
  );
  expect(built).toBeGreaterThan(50);
});

const name = fc.constantFrom("a", "b");
const space = fc.constantFrom(undefined, undefined, "default", "x", "y");
const rbac = "rbac.authorization.k8s.io";

/** Objects that others refer to. */
const target = fc
  .tuple(
    fc.constantFrom(
      ["v1", "ConfigMap"],
      ["v1", "Secret"],
      ["v1", "ServiceAccount"],
      ["v1", "Service"],
      [`${rbac}/v1`, "Role"],
      [`${rbac}/v1`, "ClusterRole"],
    ),
    name,
    space,
  )
  .map(([[apiVersion, kind], name, namespace]) => ({
    apiVersion,
    kind,
    metadata: { name, namespace: kind === "ClusterRole" ? undefined : namespace },
  }));

const subject = fc.record(
  { kind: fc.constantFrom("ServiceAccount", "User"), name, namespace: space },
  { requiredKeys: ["kind", "name"] },
);
const binding = fc
  .tuple(
    fc.constantFrom("RoleBinding", "ClusterRoleBinding"),
    fc.constantFrom("Role", "ClusterRole"),
    name,
    space,
    fc.array(subject, { maxLength: 3 }),
  )
  .map(([kind, role, name, namespace, subjects]) => ({
    apiVersion: `${rbac}/v1`,
    kind,
    metadata: { name: "binding$BASE", namespace: kind === "RoleBinding" ? namespace : undefined },
    roleRef: { apiGroup: rbac, kind: role, name },
    subjects,
  }));
const role = fc.tuple(fc.array(name), space).map(([resourceNames, namespace]) => ({
  apiVersion: `${rbac}/v1`,
  kind: "Role",
  metadata: { name: "names$BASE", namespace },
  rules: [{ resources: ["secrets"], resourceNames }],
}));
const deployment = fc
  .tuple(name, name, name, space)
  .map(([configMap, secret, serviceAccountName, namespace]) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "deployment$BASE", namespace },
    spec: {
      template: {
        spec: {
          serviceAccountName,
          volumes: [{ configMap: { name: configMap } }, { projected: null }, { secret: null }],
          containers: [{ envFrom: [{ secretRef: { name: secret } }], env: [] }],
        },
      },
    },
  }));
const webhook = fc.tuple(name, space).map(([name, namespace]) => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "webhook$BASE" },
  webhooks: [{ clientConfig: { service: { name, namespace } } }],
}));

/** What a kustomization does to names. */
const naming = fc.record(
  {
    namePrefix: fc.constantFrom("p-", "q-"),
    nameSuffix: fc.constantFrom("-s", "-t"),
    namespace: fc.constantFrom("x", "y", "default"),
  },
  { requiredKeys: [] },
);
const generators = fc.array(name, { maxLength: 1 }).map((names) => ({
  secretGenerator: names.map((name) => ({ name, literals: ["k=v"] })),
}));
const base = fc.tuple(
  fc.array(fc.oneof({ weight: 3, arbitrary: target }, binding, role, deployment, webhook), {
    minLength: 1,
    maxLength: 7,
  }),
  naming,
  generators,
);

/** Up to three bases, each under an overlay of its own, together under one more. */
const world = fc
  .tuple(fc.array(base, { minLength: 1, maxLength: 3 }), naming)
  .map(([bases, top]) => {
    const files: Record<string, string> = {};
    const resources: string[] = [];
    for (const [index, [objects, naming, generators]] of bases.entries()) {
      const text = distinct(objects, generators.secretGenerator);
      files[`base${index}/objects.yaml`] = text.replaceAll("$BASE", String(index));
      files[`base${index}/kustomization.yaml`] = JSON.stringify({
        resources: ["objects.yaml"],
        ...generators,
      });
      files[`over${index}/kustomization.yaml`] = JSON.stringify({
        resources: [`../base${index}`],
        ...naming,
      });
      resources.push(`../over${index}`);
    }
    files["top/kustomization.yaml"] = JSON.stringify({ resources, ...top });
    return files as Files;
  });

type Named = { kind: string; metadata: { name: string; namespace?: string | undefined } };

/** The objects, without those that would have the name of another. */
function distinct(objects: readonly Named[], secrets: readonly { name: string }[]): string {
  const taken = new Set(secrets.map(({ name }) => `Secret/default/${name}`));
  return objects
    .filter(({ kind, metadata: { name, namespace } }) => {
      const id = `${kind}/${namespace ?? "default"}/${name}`;
      return !taken.has(id) && taken.add(id);
    })
    .map((object) => JSON.stringify(object))
    .join("\n---\n");
}
