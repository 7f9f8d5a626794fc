import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { findUnknownFields } from "../../scripts/checks/schema/unknown-fields.ts";
import { formatPath } from "../../scripts/fleet/resource.ts";
import { type CrdSource, crdFiles, crdModules } from "../../scripts/tools/crds.ts";
import { derive, schemaFolder } from "../../scripts/tools/schemas/derive.ts";
import { pinOf } from "../../scripts/tools/schemas/go-modules.ts";
import {
  apiVersionOf,
  type JsonSchema,
  type KindSchema,
} from "../../scripts/tools/schemas/json-schema.ts";
import { kubeconform } from "../../scripts/tools/schemas/kubeconform.ts";
import { modelOf } from "../../scripts/tools/schemas/models.ts";
import { isNewerField, newerFields } from "../../scripts/tools/schemas/newer-fields.ts";
import { findTypeScript, typeCheck } from "../../scripts/tools/schemas/typescript.ts";
import { goVersion, tool } from "../../scripts/tools/tool.ts";
import { valid, withChange } from "./manifests.ts";
import { hasKubeconform } from "./resources.ts";

const hasGo = (await goVersion()) !== undefined;

it.each(crdModules)("$module is pinned in $pinnedIn with its checksums", (one) => {
  const pin = pinOf(one);
  expect(pin).toMatch(/^\S+ v\S+ h1:\S+$/m);
  expect(pin).toMatch(/^\S+ v\S+\/go\.mod h1:\S+$/m);
});

describe.runIf(hasGo)("the operators' modules", () => {
  let sources: CrdSource[];
  let schemas: KindSchema[];
  beforeAll(async () => {
    sources = await crdFiles();
    schemas = await derive();
  });

  it("crdFiles() finds CRDs of exactly the groups that the table names", () => {
    // RabbitMQ's two operators share one group.
    const groups = new Set(crdModules.flatMap((one) => one.groups));
    expect([...new Set(sources.map(({ group }) => group))].sort()).toEqual([...groups].sort());
  });

  it("crdFiles() says what is in a file", () => {
    const routes = sources.filter(({ kind }) => kind === "HTTPRoute");
    expect(routes).toMatchObject([
      { group: "gateway.networking.k8s.io", versions: ["v1", "v1beta1"] },
    ]);
  });

  it("derive() has every kind that the fleet is made of", () => {
    const kinds = schemas.map((one) => `${apiVersionOf(one)}/${one.kind}`);
    expect(kinds).toEqual(
      expect.arrayContaining(
        Object.values(valid).map(({ apiVersion, kind }) => `${apiVersion}/${kind}`),
      ),
    );
    expect(kinds.length).toBe(new Set(kinds).size);
  });

  it("isNewerField() names the fields that types lack, and no others", async () => {
    const program = findTypeScript();
    if (program === undefined) throw new Error("The TypeScript compiler is not installed");
    const objects = schemas.flatMap((one) => {
      const model = modelOf(apiVersionOf(one), one.kind);
      return model === undefined ? [] : [{ model, object: full(one.schema) as object, one }];
    });
    const found = await findUnknownFields(objects, (source) => typeCheck(program, source));
    const lacking = objects.flatMap(({ one }, index) =>
      (found[index] ?? [])
        .map(({ path }) => ({ apiVersion: apiVersionOf(one), path: formatPath(path) }))
        // Nobody writes these two into a repository.
        .filter(({ path }) => !/^(status|operation)\b/.test(path)),
    );
    expect(lacking.filter(({ apiVersion, path }) => !isNewerField(apiVersion, path))).toEqual([]);
    const idle = Object.values(newerFields)
      .flat()
      .filter((field) => !lacking.some(({ path }) => path.endsWith(field.replace(/^.*\./, ""))));
    expect(idle).toEqual([]);
  });
});

describe.runIf(hasKubeconform)("kubeconform", () => {
  const run = async (objects: readonly object[], extra: readonly KindSchema[] = []) =>
    await kubeconform(await tool("kubeconform"), objects, await schemaFolder(), extra);

  it("reads every derived schema", async () => {
    const folder = await schemaFolder();
    const objects = readdirSync(folder).flatMap((group) =>
      readdirSync(join(folder, group)).map((file) => {
        const [kind = "", version = ""] = file.replace(".json", "").split("_");
        const apiVersion = group === version ? version : `${group}/${version}`;
        return { apiVersion, kind, metadata: { name: "a" } };
      }),
    );
    const verdicts = await run(objects);
    expect(objects.length).toBeGreaterThan(100);
    // Each is refused, if only for the lower case of its kind; none for want of a schema.
    expect(verdicts.map(({ status }) => status)).toEqual(objects.map(() => "invalid"));
  });

  it("accepts objects in order", async () => {
    expect(await run(Object.values(valid))).toEqual([]);
  });

  it("refuses an unknown field, a wrong type and a missing field, and says of which object", async () => {
    const verdicts = await run([
      withChange(valid.Deployment, ["spec", "replica"], 1),
      valid.Deployment,
      withChange(valid.Application, ["spec", "project"], 1),
      withChange(valid.ServiceMonitor, ["spec", "selector"]),
    ]);
    expect(verdicts).toMatchObject([
      { index: 0, message: expect.stringContaining("additional properties 'replica' not allowed") },
      { index: 2, message: expect.stringContaining("got number, want string") },
      { index: 3, message: expect.stringContaining("missing property 'selector'") },
    ]);
  });

  it("takes schemas of kinds that are in no module", async () => {
    const pool = { apiVersion: "example.com/v1", kind: "Pool", metadata: { name: "a" } };
    expect(await run([pool])).toMatchObject([{ status: "error" }]);
    const schema = { type: "object" };
    expect(
      await run([pool], [{ group: "example.com", version: "v1", kind: "Pool", schema }]),
    ).toEqual([]);
  });

  it("throws with what kubeconform says where it cannot start", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-test-"));
    await expect(kubeconform("false", [{}], folder, [])).rejects.toThrow("kubeconform failed");
    rmSync(folder, { recursive: true });
  });
});

/** An object with every field that a schema knows. */
function full(schema: JsonSchema): unknown {
  const { properties, items, additionalProperties } = schema;
  if (properties) {
    return Object.fromEntries(
      Object.entries(properties).map(([name, property]) => [name, full(property)]),
    );
  }
  if (items) return [full(items)];
  if (typeof additionalProperties === "object") return { key: full(additionalProperties) };
  return "value";
}
