import type { Path } from "../../fleet/resource.ts";

/** The parts of a JSON pointer: `/metadata/labels/app.kubernetes.io~1name` has three. */
export function pointerParts(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** A JSON pointer as keys and indices: what is an index depends on the object. */
export function pathOf(pointer: string, root: unknown): Path {
  let value = root;
  return pointerParts(pointer).map((part) => {
    const key = Array.isArray(value) ? Number(part) : part;
    value = valueAt(value, [key]);
    return key;
  });
}

/** The value at a path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<string | number, unknown> | null | undefined)?.[part],
    root,
  );
}
