import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../fleet/resource.ts";
import { cacheDirectory } from "../tools/tool.ts";
import { tools } from "../tools/tools.ts";
import { writeWhole } from "../tools/whole-file.ts";
import type { UpstreamRequest } from "./source.ts";

/**
 * How much of it is kept: `whole` is everything, `brief` leaves out the schemas of
 * CustomResourceDefinitions, which are nine tenths of it and which no check reads.
 */
export type Form = "whole" | "brief";

/** Where rendered sources are kept; gone without harm. */
export function renderedDirectory(): string {
  return join(cacheDirectory(), "upstream-rendered");
}

/** What an earlier run rendered for a request, or undefined. */
export function readRendered(
  directory: string,
  request: UpstreamRequest,
  form: Form,
): readonly Manifest[] | undefined {
  const file = fileOf(directory, request, form);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

/** Keeps what was rendered for a request, and returns it in that form. */
export function keepRendered(
  directory: string,
  request: UpstreamRequest,
  form: Form,
  manifests: readonly Manifest[],
): readonly Manifest[] {
  const kept = form === "whole" ? manifests : manifests.map(withoutSchemas);
  writeWhole(fileOf(directory, request, form), JSON.stringify(kept));
  return kept;
}

/** Named after everything that decides on the content: the request, the programs and our own code. */
function fileOf(directory: string, request: UpstreamRequest, form: Form): string {
  const key = digest(JSON.stringify([request, versions, ownSource()]));
  return join(directory, `${key.slice(0, 24)}-${form}.json`);
}

const versions = [tools.helm.version, tools.kubectl.version];

/** The digest of the code that renders. */
function ownSource(): string {
  const here = import.meta.dirname ?? "";
  source ??= digest(
    ["", "../kustomize"]
      .flatMap((name) => readdirSync(join(here, name), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .concat(join(here, "../fleet/scope.ts"))
      .sort()
      .map((file) => readFileSync(file, "utf8"))
      .join(""),
  );
  return source;
}

let source: string | undefined;

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

type Version = { readonly schema?: unknown };

function withoutSchemas(manifest: Manifest): Manifest {
  if (manifest.kind !== "CustomResourceDefinition") return manifest;
  const spec = manifest.spec as { readonly versions?: readonly Version[] };
  const versions = (spec.versions ?? []).map(({ schema: _, ...version }) => version);
  return { ...manifest, spec: { ...spec, versions } };
}
