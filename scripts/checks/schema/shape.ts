import type { Path } from "../../fleet/resource.ts";

/** What is done to a field while an object is printed: left out, or its value made to fit any type. */
export type Edits = ReadonlyMap<string, "omit" | "mute">;

/** An object as a TypeScript expression on one line. */
export type Shape = {
  readonly text: string;
  /** Where in the text each field begins; worked out when it is asked for, which it rarely is. */
  readonly fields: () => readonly Field[];
};
type Field = { readonly offset: number; readonly path: Path };

/** The name of the constant that stands for every scalar: its type is `any`. */
export const scalar = "_";

/**
 * Prints the fields of an object without their values, which are another check's work. Objects that
 * differ in values only, as between environments, have the same text. ASCII, so that a column is an
 * offset whatever it counts.
 */
export function printShape(value: unknown, edits: Edits = new Map()): Shape {
  // As they are now: whoever asks for the fields may have more of them by then.
  const own = new Map(edits);
  return { text: print(value, own, undefined), fields: () => fieldsOf(value, own) };
}

function fieldsOf(value: unknown, edits: Edits): readonly Field[] {
  const fields: Field[] = [];
  print(value, edits, fields);
  return fields;
}

/** Prints a value, and notes where its fields begin. */
function print(value: unknown, edits: Edits, fields: Field[] | undefined): string {
  const hasPaths = fields !== undefined || edits.size > 0;
  let text = "";
  add(value, []);
  return text;

  function add(one: unknown, path: Path): void {
    if (edits.size > 0 && edits.get(editKey(path)) === "mute") text += "null!";
    else if (Array.isArray(one)) addItems(one, path);
    else if (typeof one === "object" && one !== null) addFields(one, path);
    else text += scalar;
  }

  function addItems(items: readonly unknown[], path: Path): void {
    text += "[";
    for (const [index, item] of items.entries()) {
      const inside = hasPaths ? [...path, index] : path;
      fields?.push({ offset: text.length, path: inside });
      add(item, inside);
      text += ",";
    }
    text += "]";
  }

  function addFields(object: object, path: Path): void {
    text += "{";
    for (const [name, item] of Object.entries(object)) {
      const inside = hasPaths ? [...path, name] : path;
      if (item === undefined) continue;
      if (edits.size > 0 && edits.get(editKey(inside)) === "omit") continue;
      fields?.push({ offset: text.length, path: inside });
      text += `${printName(name)}:`;
      add(item, inside);
      text += ",";
    }
    text += "}";
  }
}

/** The path of the field that begins at an offset, or of the last one before it; the root's is empty. */
export function pathAt({ fields }: Shape, offset: number): Path {
  return fields().findLast((field) => field.offset <= offset)?.path ?? [];
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
