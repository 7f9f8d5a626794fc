import type { Path } from "../../fleet/resource.ts";
import { join } from "../../tree/tree.ts";
import { list, mapping, text, valueAt } from "../../yaml/value.ts";
import type { Kustomization } from "../kustomization.ts";
import type { Sources } from "../sources.ts";
import { isWritten } from "./document.ts";
import { isSelected } from "./patches.ts";
import type { Birth, Writer } from "./writer.ts";

/**
 * The replacements of a kustomization that put in a whole value: it was set where they took it from.
 * One that puts in a part (`delimiter`) leaves the rest where it was written, and so the place.
 */
export function replacementWriters(
  sources: Sources,
  { fields, directory }: Kustomization,
  births: readonly Birth[],
): Writer[] {
  const written = list(fields.replacements).flatMap((entry) => {
    const { path } = mapping(entry);
    if (typeof path !== "string") return [entry];
    const documents = sources.source(join(directory, path))?.documents ?? [];
    return documents.flatMap(({ value }) => (Array.isArray(value) ? value : [value]));
  });
  return written.flatMap((replacement) => {
    const { source, targets } = mapping(replacement);
    const { kind, name, fieldPath } = mapping(source);
    const path = fieldPathOf(text(fieldPath) ?? "metadata.name");
    const origin = births.find((birth) => birth.kind === kind && birth.name === name);
    if (origin?.document === undefined) return [];
    const { document } = origin;
    const value = valueAt(document.value, path);
    return list(targets).map(
      (target): Writer =>
        (subject, isExact) =>
          isExact && isWritten(value, subject.value) && reaches(target, subject)
            ? document.placeOf(path)
            : undefined,
    );
  });
}

function reaches(target: unknown, subject: Parameters<Writer>[0]): boolean {
  const { select, reject, fieldPaths, options } = mapping(target);
  if (mapping(options).delimiter !== undefined) return false;
  if (!isSelected(select, subject)) return false;
  if (list(reject).some((selector) => isSelected(selector, subject))) return false;
  return list(fieldPaths).some((written) => {
    const parts = fieldPathOf(String(written));
    return (
      parts.length === subject.path.length &&
      parts.every((part, at) => {
        const own = subject.path[at];
        return typeof own === "number" ? /^(\*|\d+|\[.*\])$/.test(String(part)) : part === own;
      })
    );
  });
}

/** `spec.sources.[repoURL=x].path` in parts; a dot in a key is written `\.`, one in brackets is text. */
function fieldPathOf(written: string): Path {
  return (written.match(/(?:\\.|\[[^\]]*\]|[^.])+/g) ?? []).map((part) =>
    part.replaceAll("\\.", "."),
  );
}
