import { BuildError } from "../build-error.ts";
import type { Mapping, Node, Scalar, ScalarType } from "../node/node.ts";
import { textAt } from "../node/node.ts";
import type { Mark, Origin } from "../node/origin.ts";
import { settleShared } from "../node/shared.ts";
import { describe } from "../resource/identity.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import { parseInteger, resolvePlain } from "../yaml/resolve.ts";
import { editPath, lookUp, type PathEdit, splitFieldPath } from "./field-path.ts";
import { writtenOver } from "./set-scalar.ts";
import { isJson, parseText, printText } from "./structured-text.ts";

/** What a replacement puts into fields. */
export type Value = {
  readonly node: Node;
  /** The source's field as a whole, where the node is a part of it. */
  readonly whole?: Node;
  readonly by: Mark | undefined;
  /** Whether the field that it was read from is one of the object that is to change. */
  readonly isOwn?: boolean;
};

export type Options = {
  /** Empty for none. */
  readonly delimiter: string;
  readonly index: number;
  readonly create: boolean;
};

/** `options` of a source or a target. */
export function readOptions(options: Node | undefined): Options {
  const index = textAt(options, ["index"]);
  return {
    delimiter: textAt(options, ["delimiter"]) ?? "",
    index: Number(parseInteger(index ?? "0", "v2") ?? 0),
    create: /^(?:true|y|yes|on)$/i.test(textAt(options, ["create"]) ?? ""),
  };
}

/**
 * Puts a value into the fields at a path of an object. Where the path leads into a single value that
 * holds YAML or JSON, it is that text which changes, and without regard to a delimiter.
 */
export function setFields(
  resource: Resource,
  path: string,
  value: Value,
  options: Options,
): Resource {
  const parts = splitFieldPath(path);
  const verb = options.create ? "replace or create" : "replace";
  const refusal = (reason: string) =>
    new BuildError(`Cannot ${verb} "${path}" of ${describe(currentId(resource))}: ${reason}`, {
      mark: value.by ?? value.node.origin.mark,
    });
  const misfits = new Map(resource.misfits);
  const onMisfit = (scalar: Scalar, reason: string) => misfits.set(scalar, refusal(reason));
  try {
    const object =
      setInText(resource.object, parts, value, options) ??
      setInObject(resource.object, parts, value, options, onMisfit);
    if (object === resource.object || object.kind !== "mapping") return resource;
    const settled = { ...resource, object: settleShared(resource.object, object) };
    return misfits.size === 0 ? settled : { ...settled, misfits };
  } catch (error) {
    if (!(error instanceof BuildError) || error.mark !== undefined) throw error;
    throw refusal(error.message);
  }
}

/** Told of a value that cannot stay where it was put. */
type OnMisfit = (scalar: Scalar, reason: string) => void;

function setInObject(
  object: Mapping,
  parts: readonly string[],
  value: Value,
  options: Options,
  onMisfit: OnMisfit,
): Node {
  let count = 0;
  let now = value;
  const countOnly = (old: Node) => {
    count++;
    return old;
  };
  const edit: PathEdit = {
    edit(old, isNew) {
      count++;
      const changed = setField(old, isNew, now, options, onMisfit);
      // The source itself: what follows gets what is in it now.
      if (value.isOwn && old === now.node) now = { ...now, node: changed };
      return changed;
    },
    create: options.create ? value.node.kind : undefined,
    origin: stepOf(value),
    // Kustomize finds fields in such a text, sets them in a copy and forgets that.
    visitText(text, rest) {
      const document = text.type === "null" ? text : parseText(text);
      if (document !== undefined) editPath(document, rest, { ...edit, edit: countOnly });
    },
  };
  const changed = editPath(object, parts, edit);
  if (count === 0) throw new BuildError("there is no such field");
  return changed;
}

function setField(
  old: Node,
  isNew: boolean,
  value: Value,
  options: Options,
  onMisfit: OnMisfit,
): Node {
  const { node } = value;
  if (options.delimiter !== "" && old.kind !== "scalar") {
    throw new BuildError(`"delimiter" is for single values, and this is none`);
  }
  const before = isNew ? {} : { before: old.origin };
  if (old.kind !== "scalar") return { ...node, origin: { ...stepOf(value), ...before } };
  const own = node.kind === "scalar" ? node.text : "";
  const { text, keeps } =
    options.delimiter === "" ? { text: own, keeps: false } : joined(old.text, own, options);
  const origin = { ...stepOf(value), ...before, keeps: keeps && !isNew };
  if (isNew || old.untagged) {
    return { ...old, ...writtenOver(isNew ? undefined : old, text), origin };
  }
  const changed: Scalar = { ...old, text, origin };
  if (!fits(old.type, text)) {
    onMisfit(changed, `its value "${old.text}" is of type ${old.type}, which "${text}" is not`);
  }
  return changed;
}

/** A field keeps its type, so what takes the place of a number has to be one. */
function fits(type: ScalarType, text: string): boolean {
  if (type === "string") return true;
  const found = resolvePlain(text, "v3");
  return found === type || (found === "integer" && type === "float");
}

/** The old text with one of its parts replaced, or one more part before or after them. */
function joined(old: string, own: string, { delimiter, index }: Options) {
  const parts = old.split(delimiter);
  if (index < 0) parts.unshift(own);
  else if (index >= parts.length) parts.push(own);
  else parts[index] = own;
  return { text: parts.join(delimiter), keeps: parts.length > 1 };
}

/** The object with the text changed that the path leads into; undefined where it leads into none. */
function setInText(
  object: Mapping,
  parts: readonly string[],
  value: Value,
  { create }: Options,
): Node | undefined {
  const length = textDepth(object, parts);
  if (length === undefined) return undefined;
  const holder = parts.slice(0, length);
  const old = lookUp(object, holder);
  const document = old?.kind === "scalar" ? parseText(old) : undefined;
  if (old?.kind !== "scalar" || document === undefined) return undefined;
  const changed = setInDocument(document, parts.slice(length), value, {
    create,
    // In YAML, Kustomize would write "!!int abc", which is worse than a refusal.
    isStrict: !isJson(old.text),
  });
  if (changed === undefined) return undefined;
  const text = printText(changed, old.text);
  const origin = { ...stepOf(value), keeps: true, before: old.origin };
  return replaceAt(object, holder, old, { ...old, text, origin });
}

/** A document with a value in the fields at a path; undefined where it cannot go there. */
function setInDocument(
  document: Node,
  path: readonly string[],
  value: Value,
  { create, isStrict }: { readonly create: boolean; readonly isStrict: boolean },
): Node | undefined {
  let count = 0;
  const edit: PathEdit = {
    edit(field, isNew) {
      count++;
      return setField(field, isNew, value, { delimiter: "", index: 0, create }, (_, reason) => {
        throw new BuildError(reason);
      });
    },
    create: create ? value.node.kind : undefined,
    origin: stepOf(value),
  };
  try {
    const changed = editPath(document, path, edit);
    return count === 0 ? undefined : changed;
  } catch (error) {
    if (isStrict || !(error instanceof BuildError)) throw error;
    return undefined;
  }
}

/** After how many parts of a path there is a single value, with parts left. */
function textDepth(object: Mapping, parts: readonly string[]): number | undefined {
  for (let length = 1; length < parts.length; length++) {
    try {
      if (lookUp(object, parts.slice(0, length))?.kind === "scalar") return length;
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
    }
  }
  return undefined;
}

/** The tree with one node, found by identity along a path that was looked up, replaced. */
function replaceAt(root: Node, path: readonly string[], old: Node, value: Node): Node {
  if (root === old) return value;
  const [part, ...rest] = path;
  if (part === undefined || root.kind === "scalar") return root;
  if (root.kind === "mapping") {
    const child = root.entries.get(part.trim());
    if (child === undefined) return root;
    const entries = new Map(root.entries).set(part.trim(), replaceAt(child, rest, old, value));
    return { ...root, entries };
  }
  const child = lookUp(root, [part]);
  const items = root.items.map((item) =>
    item === child ? replaceAt(item, rest, old, value) : item,
  );
  return { ...root, items };
}

function stepOf({ node, whole, by }: Value): Origin {
  return { operation: "replacement", mark: node.origin.mark, by, from: [whole ?? node] };
}
