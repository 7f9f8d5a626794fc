import type { Path } from "../fleet/resource.ts";
import { kustomizationNames } from "../kustomize/kustomization/read.ts";
import { join } from "../tree/tree.ts";
import type { YamlDocument } from "../yaml/document.ts";
import type { Place } from "../yaml/place.ts";
import { list, mapping, text } from "../yaml/value.ts";
import type { Source } from "./source.ts";

/** A kustomization of the tree and every path it names. */
export type Kustomization = {
  readonly directory: string;
  readonly file: string;
  readonly document: YamlDocument;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly references: readonly Reference[];
};

/** One path that a kustomization names. */
export type Reference = {
  /** What the path is for: only a resource or a component may be a directory. */
  readonly role: "resource" | "component" | "patch" | "setting" | "data";
  readonly field: string;
  /** As it is written, and as a path of the tree. */
  readonly written: string;
  readonly path: string;
  readonly place: Place;
};

/** Whether a path names something in another repository: kustomize would fetch it. */
export function isRemote(written: string): boolean {
  return /:\/\/|^[\w.-]+@|^(github|gitlab|bitbucket)\.(com|org)[/:]/.test(written);
}

/** The kustomization of a directory; undefined where there is none that can be read. */
export function readKustomization(
  directory: string,
  source: (file: string) => Source | undefined,
): Kustomization | undefined {
  for (const name of kustomizationNames) {
    const found = source(join(directory, name));
    if (found === undefined) continue;
    const [document] = found.documents;
    if (document === undefined) return undefined;
    const fields = mapping(document.value);
    const references = namedPaths(fields).map(
      ({ role, path, written }): Reference => ({
        role,
        field: String(path[0]),
        written,
        path: join(directory, written),
        place: document.placeOf(path),
      }),
    );
    return { directory, file: found.file, document, fields, references };
  }
  return undefined;
}

/** The namespace that a kustomization gives its objects; empty where it gives none. */
export function namespaceOf(kustomization: Kustomization | undefined): string {
  return text(kustomization?.fields.namespace) ?? "";
}

type NamedPath = {
  readonly role: Reference["role"];
  readonly path: Path;
  readonly written: string;
};

function namedPaths(fields: Readonly<Record<string, unknown>>): NamedPath[] {
  return [
    ...["resources", "bases"].flatMap((field) => items("resource", fields, [field])),
    ...items("component", fields, ["components"]),
    ...items("patch", fields, ["patchesStrategicMerge"]),
    ...["patches", "patchesJson6902"].flatMap((field) => entries("patch", fields, field, "path")),
    ...entries("setting", fields, "replacements", "path"),
    ...["configurations", "crds", "generators", "transformers", "validators"].flatMap((field) =>
      items("setting", fields, [field]),
    ),
    ...one("setting", mapping(fields.openapi).path, ["openapi", "path"]),
    ...["configMapGenerator", "secretGenerator"].flatMap((field) =>
      list(fields[field]).flatMap((entry, index) => [
        ...items("data", entry, ["files"], [field, index]).map(withoutKey),
        ...items("data", entry, ["envs"], [field, index]),
        ...one("data", mapping(entry).env, [field, index, "env"]),
      ]),
    ),
  ];
}

/** The paths in a list of texts. */
function items(
  role: Reference["role"],
  owner: unknown,
  [field]: readonly [string],
  at: Path = [],
): NamedPath[] {
  return list(mapping(owner)[field]).flatMap((value, index) =>
    one(role, value, [...at, field, index]),
  );
}

/** The paths in one field of a list of mappings. */
function entries(role: Reference["role"], owner: unknown, field: string, key: string): NamedPath[] {
  return list(mapping(owner)[field]).flatMap((entry, index) =>
    one(role, mapping(entry)[key], [field, index, key]),
  );
}

/** Several fields take YAML instead of a path; that has more than one line or a mapping in it. */
function one(role: Reference["role"], value: unknown, path: Path): NamedPath[] {
  const written = text(value);
  if (written === undefined || /\n|: |^\s*[{[]/.test(written)) return [];
  return [{ role, path, written }];
}

/** `key.json=file.json` names the file after the sign. */
function withoutKey(named: NamedPath): NamedPath {
  return { ...named, written: named.written.slice(named.written.indexOf("=") + 1) };
}
