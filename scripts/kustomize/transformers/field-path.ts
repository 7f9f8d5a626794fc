import { BuildError } from "../build-error.ts";
import { splitPath } from "../configurations/field-spec.ts";
import { type Node, type Scalar, withEntry, withItem } from "../node/node.ts";
import type { Origin } from "../node/origin.ts";
import { isQuoted } from "../patches/quoted.ts";
import { resolvePlain } from "../yaml/resolve.ts";
import { goRegExp } from "./go-regexp.ts";

/**
 * The parts of a replacement's field path, as in `spec.containers.[name=app].image`. A dot inside of
 * brackets belongs to the part; without a `=` the brackets only hold a key together.
 */
export function splitFieldPath(path: string): readonly string[] {
  const parts: string[] = [];
  let open: string[] | undefined;
  for (const piece of splitPath(path, ".")) {
    if (open === undefined && !(piece.startsWith("[") && !piece.endsWith("]"))) {
      parts.push(piece);
      continue;
    }
    open = [...(open ?? []), piece];
    if (open.length === 1 || !piece.endsWith("]")) continue;
    parts.push(closed(open));
    open = undefined;
  }
  return open === undefined ? parts : [...parts, closed(open)];
}

/** The one value at a path; undefined where there is none. List entries are compared, not matched. */
export function lookUp(root: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = root;
  for (const part of path.map((part) => part.trim()).filter((part) => part !== "")) {
    if (node === undefined) return undefined;
    if (part === "*") throw new BuildError('"*" only works in the path of a target');
    if (INTEGER.test(part) || part === "-") node = itemsOf(node, part).at(indexOf(part));
    else if (isListEntry(part)) node = entryOf(node, part);
    else node = fieldOf(node, part);
  }
  return node;
}

export type PathEdit = {
  /** `isNew` for a value that was made on the way and holds nothing yet. */
  readonly edit: (value: Node, isNew: boolean) => Node;
  /** What a missing end of the path is made as; without it nothing is made. */
  readonly create: Node["kind"] | undefined;
  /** The origin of what is made. */
  readonly origin: Origin;
  /** Looks into the text of a single value that the path goes on below; counts what it finds. */
  readonly visitText?: (text: Scalar, path: readonly string[]) => void;
};

/**
 * Edits every value at a path: `*` stands for all items of a list, `[name=pattern]` for those whose
 * field matches a regular expression, `[=pattern]` for single values that match, whatever follows.
 */
export function editPath(node: Node, path: readonly string[], way: PathEdit, isNew = false): Node {
  const [part, ...rest] = path;
  if (part === undefined) return way.edit(node, isNew);
  if (/^\d+$/.test(part)) return editIndex(node, Number(part), rest, way);
  if (isListEntry(part)) return editMatching(node, part, rest, way);
  if (part === "*")
    return editItems(node, itemsOf(node, part), (item) => editPath(item, rest, way));
  return editField(node, part, rest, way);
}

/**
 * Edits the one value at a path, where list entries are compared and not matched, and what is missing
 * is made.
 */
export function editFirst(node: Node, path: readonly string[], way: PathEdit, isNew = false): Node {
  const [part, ...rest] = path;
  if (part === undefined) return way.edit(node, isNew);
  const found = lookUp(node, [part]);
  const isItem = isListEntry(part);
  if (found === undefined && !isItem && node.kind !== "mapping") return node;
  const kind = kindBefore(rest[0], way.create);
  const entry = isItem ? splitListEntry(part) : undefined;
  const value =
    found ?? (entry ? listEntry(entry.field, entry.value, way.origin) : blank(kind, way.origin));
  const edited = editFirst(value, rest, way, found === undefined && !isItem);
  if (edited === found) return node;
  if (node.kind === "mapping") return withEntry(node, part, edited);
  if (node.kind !== "sequence") return node;
  if (found === undefined) return { ...node, items: [...node.items, edited] };
  return withItem(node, node.items.indexOf(found), edited);
}

function editField(node: Node, name: string, rest: readonly string[], way: PathEdit): Node {
  const found = fieldOf(node, name);
  if (found === undefined && way.create === undefined) return node;
  const value = found ?? blank(kindBefore(rest[0], way.create), way.origin);
  if (value.kind === "scalar" && rest.length > 0) {
    way.visitText?.(value, rest);
    return node;
  }
  const edited = editPath(value, rest, way, found === undefined);
  return node.kind === "mapping" && edited !== found ? withEntry(node, name, edited) : node;
}

function editIndex(node: Node, index: number, rest: readonly string[], way: PathEdit): Node {
  const items = itemsOf(node, String(index));
  const item = items[index];
  if (item !== undefined) {
    const edited = editPath(item, rest, way);
    return edited === item || node.kind !== "sequence" ? node : withItem(node, index, edited);
  }
  if (node.kind !== "sequence" || index > items.length || way.create === undefined) {
    throw new BuildError(`the list has ${items.length} items, so there is no item ${index}`);
  }
  const made = blank(kindBefore(rest[0], way.create), way.origin);
  return { ...node, items: [...items, editPath(made, rest, way, true)] };
}

function editMatching(node: Node, part: string, rest: readonly string[], way: PathEdit): Node {
  const { field, value } = splitListEntry(part);
  const pattern = goRegExp(value);
  let isFound = false;
  const edited = editItems(node, itemsOf(node, part), (item) => {
    const compared = field === "" ? item : fieldIn(item, field);
    if (compared === undefined || !pattern.test(shown(compared))) return item;
    const count: PathEdit = {
      ...way,
      edit(found, isNew) {
        isFound = true;
        return way.edit(found, isNew);
      },
    };
    return field === "" ? count.edit(item, false) : editPath(item, rest, count);
  });
  if (isFound || way.create === undefined || node.kind !== "sequence") return edited;
  const made = listEntry(field, value, way.origin);
  if (!pattern.test(value)) throw new BuildError(`no item can be made that matches "${part}"`);
  const item = field === "" ? way.edit(made, false) : editPath(made, rest, way);
  return { ...node, items: [...node.items, item] };
}

function editItems(node: Node, items: readonly Node[], edit: (item: Node) => Node): Node {
  const edited = items.map(edit);
  const isSame = edited.every((item, index) => item === items[index]);
  return isSame || node.kind !== "sequence" ? node : { ...node, items: edited };
}

const INTEGER = /^[-+]?\d+$/;

function indexOf(part: string): number {
  if (part === "-") return -1;
  if (Number(part) < 0) throw new BuildError(`"${part}" is no place in a list`);
  return Number(part);
}

/** The items of a list; a null has none, and anything else is a mistake. */
function itemsOf(node: Node, part: string): readonly Node[] {
  if (node.kind === "sequence") return node.items;
  if (isNull(node)) return [];
  throw new BuildError(`"${part}" looks for an item, but there is no list`);
}

/** A field of a mapping; a null has none, and anything else is a mistake. */
function fieldOf(node: Node, name: string): Node | undefined {
  if (isNull(node)) return undefined;
  if (node.kind === "mapping" && name !== "") return node.entries.get(name);
  throw new BuildError(`"${name}" looks for a field, but there is no mapping`);
}

function fieldIn(node: Node, name: string): Node | undefined {
  return node.kind === "mapping" ? node.entries.get(name) : undefined;
}

function entryOf(node: Node, part: string): Node | undefined {
  const { field, value } = splitListEntry(part);
  const text = (item: Node | undefined) => (item?.kind === "scalar" ? item.text : undefined);
  return itemsOf(node, part).find(
    (item) => text(field === "" ? item : fieldIn(item, field)) === value,
  );
}

function isListEntry(part: string): boolean {
  return part.startsWith("[") && part.endsWith("]");
}

function splitListEntry(part: string): { field: string; value: string } {
  const inner = part.slice(1, -1);
  const equals = inner.indexOf("=");
  if (equals < 0)
    throw new BuildError(`"${part}" should hold a field and a value, as in "[name=app]"`);
  return { field: inner.slice(0, equals), value: inner.slice(equals + 1) };
}

/** As Kustomize compares it: the YAML of a value, quotes included. */
function shown(node: Node): string {
  if (node.kind !== "scalar") return "";
  return isQuoted(node) && !node.text.includes("\n") ? `"${node.text}"` : node.text;
}

function kindBefore(next: string | undefined, last: Node["kind"] | undefined): Node["kind"] {
  if (next === undefined) return last ?? "scalar";
  return isListEntry(next) || /^\d+$/.test(next) ? "sequence" : "mapping";
}

function blank(kind: Node["kind"], origin: Origin): Node {
  if (kind === "scalar") return { kind, type: "string", text: "", origin };
  return kind === "mapping" ? { kind, entries: new Map(), origin } : { kind, items: [], origin };
}

function listEntry(field: string, value: string, origin: Origin): Node {
  const text = { kind: "scalar", type: resolvePlain(value, "v3"), text: value, origin } as const;
  return field === "" ? text : { kind: "mapping", entries: new Map([[field, text]]), origin };
}

function closed(pieces: readonly string[]): string {
  const part = pieces.join(".");
  return part.includes("=") ? part : part.replace(/^[[\]]+|[[\]]+$/g, "");
}

function isNull(node: Node): boolean {
  return node.kind === "scalar" && node.type === "null";
}
