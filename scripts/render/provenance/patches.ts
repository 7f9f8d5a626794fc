import type { Path } from "../../fleet/resource.ts";
import { join } from "../../tree/tree.ts";
import { parseYaml, type YamlDocument, YamlSyntaxError } from "../../yaml/document.ts";
import type { Place } from "../../yaml/place.ts";
import { isMapping, list, mapping, text, valueAt } from "../../yaml/value.ts";
import type { Kustomization } from "../kustomization.ts";
import type { Sources } from "../sources.ts";
import { documentWriter, identifying, isWritten } from "./document.ts";
import type { Subject, Writer } from "./writer.ts";

/** The patches of a kustomization, in the order in which kustomize applies them. */
export function patchWriters(sources: Sources, kustomization: Kustomization): Writer[] {
  const { fields, directory } = kustomization;
  const strategic = list(fields.patchesStrategicMerge).flatMap((entry, index) =>
    documents(sources, kustomization, text(entry), ["patchesStrategicMerge", index]),
  );
  const entries = ["patches", "patchesJson6902"].flatMap((field) =>
    list(fields[field]).flatMap((entry, index) => {
      const { path, patch, target } = mapping(entry);
      const own =
        typeof path === "string"
          ? (sources.source(join(directory, path))?.documents ?? [])
          : inline(kustomization, text(patch) ?? "", [field, index, "patch"]);
      return own.map((document) => patchWriter(document, target));
    }),
  );
  return [...strategic.map((document) => patchWriter(document, undefined)), ...entries];
}

/** The selector of a patch: every field is a pattern for the whole value. */
export function isSelected(selector: unknown, { birth, manifest }: Subject): boolean {
  const { kind, name, namespace, group, version, labelSelector } = mapping(selector);
  const [ownVersion = "", ownGroup = ""] = manifest.apiVersion.split("/").reverse();
  const labels = Object.entries(manifest.metadata.labels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  return (
    matches(kind, [manifest.kind]) &&
    matches(name, [birth.name, manifest.metadata.name]) &&
    matches(namespace, [manifest.metadata.namespace ?? ""]) &&
    matches(group, [ownGroup]) &&
    matches(version, [ownVersion]) &&
    (text(labelSelector) ?? "")
      .split(",")
      .every((label) => label === "" || labels.includes(label.replace("==", "=").trim()))
  );
}

function matches(pattern: unknown, values: readonly string[]): boolean {
  if (typeof pattern !== "string" || pattern === "") return true;
  try {
    const whole = new RegExp(`^(?:${pattern})$`);
    return values.some((value) => whole.test(value));
  } catch {
    return false;
  }
}

function patchWriter(document: YamlDocument, target: unknown): Writer {
  const write = isMapping(document.value) ? documentWriter(document) : operationsWriter(document);
  const { kind, metadata } = mapping(document.value);
  const own = { kind, name: mapping(metadata).name };
  return (subject, isExact) =>
    isSelected(target ?? own, subject) && !(isExact && isIdentity(subject.path))
      ? write(subject, isExact)
      : undefined;
}

/** A patch repeats these to say what it is for; who has them without need has set them. */
function isIdentity(path: Path): boolean {
  const isTop = ["apiVersion", "kind", "metadata/name"].includes(path.join("/"));
  return isTop || (typeof path.at(-2) === "number" && identifying.includes(String(path.at(-1))));
}

/** Writes what a JSON patch adds or replaces. */
function operationsWriter(document: YamlDocument): Writer {
  return ({ manifest, path, value }, isExact) => {
    const operations = list(document.value);
    for (let index = operations.length - 1; index >= 0; index -= 1) {
      const { op, path: pointer, value: written } = mapping(operations[index]);
      if (op !== "add" && op !== "replace") continue;
      const rest = below(text(pointer) ?? "", path, valueAt(manifest, path.slice(0, -1)));
      if (rest === undefined) continue;
      const own = valueAt(written, rest);
      if (own === undefined || (isExact && !isWritten(own, value))) continue;
      return document.placeOf([index, "value", ...rest]);
    }
    return undefined;
  };
}

/** What is left of a path below a JSON pointer; `-` is the last item of its list. */
function below(pointer: string, path: Path, siblings: unknown): Path | undefined {
  const parts = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (parts.length > path.length) return undefined;
  const isSame = parts.every((part, at) => {
    const own = path[at];
    if (part !== "-" || typeof own !== "number") return part === String(own);
    return at < path.length - 1 || own === list(siblings).length - 1;
  });
  return isSame ? path.slice(parts.length) : undefined;
}

function documents(
  sources: Sources,
  kustomization: Kustomization,
  entry: string | undefined,
  path: Path,
): readonly YamlDocument[] {
  if (entry === undefined) return [];
  const file = sources.source(join(kustomization.directory, entry));
  return file?.documents ?? inline(kustomization, entry, path);
}

/** A patch that stands in the kustomization itself: its lines are counted from there. */
function inline({ document }: Kustomization, patch: string, path: Path): readonly YamlDocument[] {
  const start = document.placeOf(path);
  const shift = ({ line = 1 }: Place): Place => ({
    file: start.file,
    line: (start.line ?? 1) + line - 1,
  });
  try {
    return parseYaml(patch, start.file).map((own) => ({
      ...own,
      placeOf: (path) => shift(own.placeOf(path)),
      keyPlaceOf: (path) => shift(own.keyPlaceOf(path)),
    }));
  } catch (error) {
    if (error instanceof YamlSyntaxError) return [];
    throw error;
  }
}
