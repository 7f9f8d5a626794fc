import type { Path } from "../../../scripts/fleet/resource.ts";
import { parseYaml } from "../../../scripts/yaml/document.ts";
import type { Place } from "../../../scripts/yaml/place.ts";
import { isMapping } from "../../../scripts/yaml/value.ts";

/** A value in a source file, and the file with another value in its place. */
export type SourceScalar = {
  readonly place: string;
  readonly path: Path;
  /** The file with another end of the value, and with another beginning where it has one. */
  readonly changed: readonly string[];
};

/**
 * The scalars of a YAML file that are values: not what selects objects, names fields or files, or
 * says what kind an object is. What is written inline in a kustomization counts too.
 */
export function sourceScalars(file: string, text: string): readonly SourceScalar[] {
  return documents(file, text).flatMap(({ value, placeOf, rangeOf }) =>
    leaves(value).flatMap((path): SourceScalar[] => {
      const range = rangeOf(path);
      const { line = 1, column = 1 } = placeOf(path);
      if (range === undefined) return [];
      const source = text.slice(range.start, range.end);
      if (isInlinePatch(file, path)) {
        return innerScalars(file, text, { start: range.start, end: range.end });
      }
      const others = differently(source);
      if (others.length === 0 || !isValue(file, value, path)) return [];
      return [
        {
          place: `${file}:${line}:${column}`,
          path,
          changed: others.map(
            (other) => text.slice(0, range.start) + other + text.slice(range.end),
          ),
        },
      ];
    }),
  );
}

export const placeKey = ({ file, line, column }: Place) => `${file}:${line}:${column}`;

function documents(file: string, text: string) {
  try {
    return parseYaml(text, file);
  } catch {
    return [];
  }
}

function leaves(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, at) => leaves(item, [...path, at]));
  if (isMapping(value)) {
    return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
  }
  return [path];
}

/** Other values of the same type; none for what has no single line of its own. */
function differently(source: string): string[] {
  if (source.includes("\n") || /^[|>&*!~]|^null$/.test(source)) return [];
  if (source === "true") return ["false"];
  if (source === "false") return ["true"];
  if (/^[1-9]\d*$/.test(source)) return [String(Number(source) + 1)];
  if (/^[\d.+-]/.test(source)) return [];
  const quoted = /^(["'])(.*)(["'])$/.exec(source);
  if (quoted) {
    const [, open = "", inner = "", close = ""] = quoted;
    if (/^[1-9]\d*$/.test(inner)) return [`${open}${Number(inner) + 1}${close}`];
    if (!/^[\w./:@ =-]+$/.test(inner)) return [];
    return [`${open}${inner}x${close}`, `${open}x${inner}${close}`];
  }
  return /^[\w./:@=$()-]+$/.test(source) ? [`${source}x`, `x${source}`] : [];
}

function isInlinePatch(file: string, path: Path): boolean {
  return /kustomization\.yaml$/.test(file) && path.at(-1) === "patch";
}

/** The values of a patch that stands in a literal block: its lines are lines of the file. */
function innerScalars(
  file: string,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): SourceScalar[] {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const header = /\|[-+]?\s*$/.exec(text.slice(0, text.indexOf("\n", lineStart)));
  const lines = text.slice(0, end).split("\n");
  const first = text.slice(0, start).split("\n").length - (header ? 0 : 1);
  const indent = /^ */.exec(lines[first] ?? "")?.[0].length ?? 0;
  if (indent === 0) return [];
  const inner = lines.slice(first).map((line) => line.slice(indent));
  const all = text.split("\n");
  return sourceScalars(innerFile, inner.join("\n")).map(({ place, path, changed }) => {
    const [, line = "1", column = "1"] = /:(\d+):(\d+)$/.exec(place) ?? [];
    const index = Number(line) - 1;
    const lineOf = (text: string) => text.split("\n")[index] ?? "";
    return {
      place: `${file}:${first + Number(line)}:${indent + Number(column)}`,
      path,
      changed: changed.map((text) =>
        all.with(first + index, " ".repeat(indent) + lineOf(text)).join("\n"),
      ),
    };
  });
}

const innerFile = "patch-inline.yaml";

function isValue(file: string, document: unknown, path: Path): boolean {
  const text = path.join(".");
  if (/kustomization\.yaml$/.test(file)) return valueFields.some((field) => field.test(text));
  if (Array.isArray(document)) return /^\d+\.value\b/.test(text);
  // What is no object configures something, such as a file of replacements.
  if (!isMapping(document) || document.kind === undefined) return false;
  if (document.apiVersion === "builtin") return false;
  return !/^(apiVersion|kind|items\.\d+\.(apiVersion|kind))$|\$patch/.test(text);
}

const valueFields = [
  /^name(space|Prefix|Suffix)$/,
  /^labels\.\d+\.pairs\./,
  /^common(Labels|Annotations)\./,
  /^images\.\d+\.(newName|newTag|digest)$/,
  /^replicas\.\d+\.count$/,
  /^(configMap|secret)Generator\.\d+\.literals\./,
  /^(configMap|secret)Generator\.\d+\.options\.(labels|annotations)\./,
  /^generatorOptions\.(labels|annotations)\./,
];
