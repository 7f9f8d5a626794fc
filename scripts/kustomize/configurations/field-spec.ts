import type { Mark } from "../node/origin.ts";

/** The kinds that something is about; what is absent matches any. */
export type KindSelector = {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
};

/** A field of some kinds that a transformer works on, such as `spec/template/metadata/labels`. */
export type FieldSpec = KindSelector & {
  /** Names parted by `/`; lists on the way are walked through, `[]` says that a field is one. */
  readonly path: string;
  /** Whether the field is made where it is missing. */
  readonly create: boolean;
  /** Where it is written; undefined for Kustomize's own. */
  readonly mark?: Mark | undefined;
};

/** The fields that hold the name of an object of a kind. */
export type NameReferenceSpec = KindSelector & { readonly fieldSpecs: readonly FieldSpec[] };

/** Whether a kind is among the selected ones. */
export function isSelected(kind: KindSelector, selector: KindSelector): boolean {
  return (
    (!selector.group || kind.group === selector.group) &&
    (!selector.version || kind.version === selector.version) &&
    (!selector.kind || kind.kind === selector.kind)
  );
}

/** The parts of a path. A leading `/` is allowed, and `\/` is a slash inside of a name. */
export function splitPath(path: string, delimiter = "/"): string[] {
  const pieces = path.split(delimiter);
  if (pieces.length > 1 && pieces[0] === "") pieces.shift();
  const parts: string[] = [];
  for (const piece of pieces) {
    const last = parts.at(-1);
    if (last?.endsWith("\\")) parts[parts.length - 1] = last.slice(0, -1) + delimiter + piece;
    else parts.push(piece);
  }
  return parts;
}
