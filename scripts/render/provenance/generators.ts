import type { Path } from "../../fleet/resource.ts";
import { join, readText, UnreadableError } from "../../tree/tree.ts";
import type { Place } from "../../yaml/place.ts";
import { list, mapping, text } from "../../yaml/value.ts";
import type { Kustomization } from "../kustomization.ts";
import type { Sources } from "../sources.ts";
import { isWritten } from "./document.ts";
import type { Birth, Writer } from "./writer.ts";

/** Adds what a kustomization's generators make, and their writing to what others have made. */
export function generated(sources: Sources, kustomization: Kustomization, births: Birth[]): void {
  for (const kind of ["ConfigMap", "Secret"]) {
    const field = kind === "Secret" ? "secretGenerator" : "configMapGenerator";
    list(kustomization.fields[field]).forEach((entry, index) => {
      const name = text(mapping(entry).name) ?? "";
      const writer = generatorWriter(sources, kustomization, [field, index]);
      const { behavior } = mapping(entry);
      const isNew = behavior !== "merge" && behavior !== "replace";
      const before = births.findLast((birth) => birth.kind === kind && birth.name === name);
      if (!isNew && before !== undefined) before.writers.push(writer);
      else births.push({ kind, name, file: kustomization.file, writers: [writer] });
    });
  }
}

function generatorWriter(sources: Sources, kustomization: Kustomization, at: Path): Writer {
  const { fields, document } = kustomization;
  const entry = mapping(list(fields[String(at[0])])[Number(at[1])]);
  return ({ path, value }, isExact) => {
    const [top, key] = path.map(String);
    if (path.length === 0 && !isExact) return document.placeOf(at);
    if (path.length === 2 && (top === "data" || top === "binaryData")) {
      return dataPlace(sources, kustomization, at, key ?? "", isExact ? value : undefined);
    }
    const [, owner = "", name = ""] = path.map(String);
    if (top !== "metadata") return undefined;
    if (owner === "name" && !isExact) return document.placeOf([...at, "name"]);
    const options = mapping(entry.options);
    const shared = mapping(fields.generatorOptions);
    if (mapping(options[owner])[name] === value && name !== "") {
      return document.placeOf([...at, "options", owner, name]);
    }
    const isShared = mapping(shared[owner])[name] === value && name !== "";
    return isShared ? document.placeOf(["generatorOptions", owner, name]) : undefined;
  };
}

/** Where a key of the generated data stands: a literal, a line of an env file, or a whole file. */
function dataPlace(
  { tree }: Sources,
  { fields, document, directory }: Kustomization,
  at: Path,
  key: string,
  value: unknown,
): Place | undefined {
  const entry = mapping(list(fields[String(at[0])])[Number(at[1])]);
  const literal = list(entry.literals).findLastIndex((item) => String(item).startsWith(`${key}=`));
  if (literal >= 0) return document.placeOf([...at, "literals", literal]);
  for (const item of [...list(entry.envs), entry.env]) {
    if (typeof item !== "string") continue;
    const file = join(directory, item);
    const lines = linesOf(tree, file);
    const line = lines.findLastIndex((line) => line.trimStart().startsWith(`${key}=`));
    const own = lines[line]?.slice(lines[line].indexOf("=") + 1);
    if (line < 0 || (value !== undefined && !isWritten(own, value))) continue;
    return { file, line: line + 1, column: (lines[line]?.indexOf("=") ?? 0) + 2 };
  }
  for (const item of list(entry.files)) {
    const [path = "", name = path.split("/").at(-1)] = String(item).split("=").reverse();
    if (name === key) return { file: join(directory, path), line: 1, column: 1 };
  }
  return undefined;
}

function linesOf(tree: Sources["tree"], file: string): string[] {
  try {
    return (readText(tree, file) ?? "").split(/\r?\n/);
  } catch (error) {
    if (error instanceof UnreadableError) return [];
    throw error;
  }
}
