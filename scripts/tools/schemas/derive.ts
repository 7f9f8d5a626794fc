import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { crdFiles, crdModules, readCrds } from "../crds.ts";
import { cacheDirectory } from "../tool.ts";
import { customResourceSchemas } from "./custom-resource.ts";
import { moduleFolders, pinOf } from "./go-modules.ts";
import { apiVersionOf, type KindSchema, schemaFile } from "./json-schema.ts";
import { inliner, kubernetesSchemas, objectMeta, type Swagger } from "./kubernetes.ts";

/**
 * The folder with a schema for every kind of Kubernetes and of the pinned operators, derived on first
 * use. Throws a `SlipwayError` where that needs Go or a module which cannot be had.
 */
export async function schemaFolder(): Promise<string> {
  const folder = cachedFolder();
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  for (const one of await derive()) {
    const file = join(unfinished, schemaFile(apiVersionOf(one), one.kind));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(one.schema));
  }
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true });
    // Another process was quicker; what it derived is the same.
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/** Strict schemas of all kinds, from the Go modules that define them. */
export async function derive(): Promise<KindSchema[]> {
  const swagger = await readSwagger();
  const metadata = inliner(swagger)(objectMeta);
  const files = new Set((await crdFiles()).map(({ file }) => file));
  const crds = [...files].flatMap(readCrds);
  return [
    ...kubernetesSchemas(swagger),
    ...crds.flatMap((crd) => customResourceSchemas(crd, metadata)),
  ];
}

async function readSwagger(): Promise<Swagger> {
  const [folder = ""] = await moduleFolders([kubernetes]);
  return JSON.parse(readFileSync(join(folder, "api/openapi-spec/swagger.json"), "utf8"));
}

/** Named after everything that its content follows from: the pins and the code that converts. */
function cachedFolder(): string {
  const key = createHash("sha256");
  for (const one of [kubernetes, ...crdModules]) key.update(JSON.stringify([one, pinOf(one)]));
  for (const name of ["json-schema", "kubernetes", "custom-resource", "derive"]) {
    key.update(readFileSync(join(import.meta.dirname ?? "", `${name}.ts`)));
  }
  return join(cacheDirectory(), "schemas", key.digest("hex").slice(0, 12));
}

const kubernetes = { module: "k8s.io/kubernetes", pinnedIn: "control-plane" };
