import { formatPath, type Path } from "../fleet/resource.ts";
import { parseYaml } from "../yaml/document.ts";

/**
 * A text in which the mapping at `path` has exactly the wanted entries: only the lines of changed
 * entries differ, new ones follow the last. Undefined where the text is not block style with one
 * entry per line; the caller then prints the document anew.
 */
export function spliceMapping(
  text: string,
  path: Path,
  wanted: ReadonlyMap<string, string>,
): string | undefined {
  const [document] = parseYaml(text, formatPath(path));
  const current = Object.keys(at(document?.value, path) ?? {});
  const last = document?.rangeOf([...path, current.at(-1) ?? ""]);
  // A mapping that lost its last line would be null.
  if (document === undefined || last === undefined || wanted.size === 0) return undefined;

  const edits: Edit[] = [];
  for (const key of current) {
    const range = document.rangeOf([...path, key]);
    if (range === undefined) return undefined;
    const value = wanted.get(key);
    if (value !== undefined) edits.push({ ...range, text: value });
    else
      edits.push({ start: lineStart(text, range.start), end: lineEnd(text, range.end), text: "" });
  }
  const lines = [...wanted].filter(([key]) => !current.includes(key));
  if (lines.length > 0) {
    const end = lineEnd(text, last.end);
    const indent = text.slice(lineStart(text, last.start)).match(/^ */)?.[0] ?? "";
    const added = lines.map(([key, value]) => `${indent}${key}: ${value}\n`).join("");
    edits.push({ start: end, end, text: text[end - 1] === "\n" ? added : `\n${added}` });
  }
  const spliced = edits.reduceRight(
    (result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end),
    text,
  );
  return hasEntries(spliced, path, wanted) ? spliced : undefined;
}

type Edit = { readonly start: number; readonly end: number; readonly text: string };

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end + 1;
}

/** Reads the result back: what is no line of `key: value` must not become something else. */
function hasEntries(text: string, path: Path, wanted: ReadonlyMap<string, string>): boolean {
  try {
    const entries = Object.entries(at(parseYaml(text, formatPath(path))[0]?.value, path) ?? {});
    return (
      entries.length === wanted.size && entries.every(([key, value]) => wanted.get(key) === value)
    );
  } catch {
    return false;
  }
}

function at(value: unknown, path: Path): object | undefined {
  let current = value;
  for (const part of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = (current as Record<string | number, unknown>)[part];
  }
  return typeof current === "object" && current !== null ? current : undefined;
}
