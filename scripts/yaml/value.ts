import type { Path } from "../fleet/resource.ts";

/** Parsed YAML of unknown shape as a mapping; an empty one where it is something else. */
export function mapping(value: unknown): Readonly<Record<string, unknown>> {
  return isMapping(value) ? value : {};
}

/** Parsed YAML of unknown shape as a list; an empty one where it is something else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Parsed YAML of unknown shape as text; undefined where it is something else. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Whether a value is a mapping: neither a scalar nor a list. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path, or undefined where it ends before. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (typeof part === "number") current = list(current)[part];
    else current = isMapping(current) && Object.hasOwn(current, part) ? current[part] : undefined;
    if (current === undefined) return undefined;
  }
  return current;
}
