import type { Path } from "../../fleet/resource.ts";

/** What is done to a field while an object is printed: left out, or its value made to fit any type. */
export type Edits = ReadonlyMap<string, "omit" | "mute">;

/** An object as a TypeScript expression on one line, and where in the text each field begins. */
export type Shape = {
  readonly text: string;
  readonly fields: readonly { readonly offset: number; readonly path: Path }[];
};

/** The name of the constant that stands for every scalar: its type is `any`. */
export const scalar = "_";

/**
 * Prints the fields of an object without their values, which are another check's work. Objects that
 * differ in values only, as between environments, have the same text. ASCII, so that a column is an
 * offset whatever it counts.
 */
export function printShape(value: unknown, edits: Edits = new Map()): Shape {
  const parts: string[] = [];
  const fields: { offset: number; path: Path }[] = [];
  let offset = 0;

  print(value, []);
  return { text: parts.join(""), fields };

  function print(one: unknown, path: Path): void {
    if (edits.get(editKey(path)) === "mute") add("null!");
    else if (Array.isArray(one)) printItems(one, path);
    else if (typeof one === "object" && one !== null) printFields(one, path);
    else add(scalar);
  }

  function printItems(items: readonly unknown[], path: Path): void {
    add("[");
    for (const [index, item] of items.entries()) {
      const inside = [...path, index];
      fields.push({ offset, path: inside });
      print(item, inside);
      add(",");
    }
    add("]");
  }

  function printFields(object: object, path: Path): void {
    add("{");
    for (const [name, item] of Object.entries(object)) {
      const inside = [...path, name];
      if (item === undefined || edits.get(editKey(inside)) === "omit") continue;
      fields.push({ offset, path: inside });
      add(`${printName(name)}:`);
      print(item, inside);
      add(",");
    }
    add("}");
  }

  function add(text: string): void {
    parts.push(text);
    offset += text.length;
  }
}

/** The path of the field that begins at an offset, or of the last one before it; the root's is empty. */
export function pathAt({ fields }: Shape, offset: number): Path {
  return fields.findLast((field) => field.offset <= offset)?.path ?? [];
}

/** The key under which a path's edit is kept. */
export function editKey(path: Path): string {
  return JSON.stringify(path);
}

/** TypeScript only guesses what was meant where a name has no quotes. */
function printName(name: string): string {
  if (/^[A-Za-z$][\w$]*$/.test(name)) return name;
  const quoted = JSON.stringify(name).replaceAll(/[^ -~]/g, escapeUnit);
  // As a plain name this one would set the object's prototype.
  return name === "__proto__" ? `[${quoted}]` : quoted;
}

function escapeUnit(unit: string): string {
  return unit
    .split("")
    .map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
