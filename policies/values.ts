/**
 * Reading values that no schema has checked yet: what has the wrong shape is another check's
 * finding, so here it reads as absent instead of stopping every rule.
 */

/** The objects of a list with their positions. */
export function* objectsIn<T extends object>(
  list: readonly T[] | null | undefined,
): Generator<[index: number, item: T]> {
  if (!Array.isArray(list)) return;
  for (const [index, item] of list.entries()) {
    if (typeof item === "object" && item !== null) yield [index, item];
  }
}

/** The strings of a list with their positions. */
export function* stringsIn(list: unknown): Generator<[index: number, item: string]> {
  if (!Array.isArray(list)) return;
  for (const [index, item] of list.entries()) {
    if (typeof item === "string") yield [index, item];
  }
}

/** The entries of a mapping that are strings: labels, annotations, the data of a ConfigMap. */
export function stringMap(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}

/** A value as a message shows it; text as it is, whatever has another shape as JSON. */
export function shown(value: unknown): string {
  return typeof value === "string" ? value : String(JSON.stringify(value));
}

/** The value at a path of plain data. */
export function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  let value = data;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Readonly<Record<string | number, unknown>>)[part];
  }
  return value;
}
