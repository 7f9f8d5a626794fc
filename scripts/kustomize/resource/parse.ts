import { BuildError } from "../build-error.ts";
import { type Mapping, type Node, textAt } from "../node/node.ts";

/**
 * The objects of a file's documents: lists (`kind: ConfigMapList`, `kind: List`) give their items,
 * what is empty is left out. Throws for what has no kind or no name, and calls it a patch where it is.
 */
export function parseObjects(
  documents: readonly Node[],
  what: What = "object",
): readonly Mapping[] {
  const [only] = documents;
  const first = documents.length === 1 && only !== undefined ? unwrapped(only) : documents;
  // Kustomize appends a list's items to what is still to be looked at: they come after the documents.
  const queue = first.filter((node) => !isEmpty(node)).map((node) => validObject(node, what));
  const objects: Mapping[] = [];
  for (const object of queue) {
    const items = isList(object) ? object.entries.get("items") : undefined;
    if (items === undefined) objects.push(object);
    else queue.push(...listItems(object, items, what));
  }
  return objects;
}

/** The items of a `List` or `ResourceList` that is a file's only document, else the document. */
function unwrapped(document: Node): readonly Node[] {
  if (document.kind !== "mapping") return [document];
  const { entries } = document;
  const kind = textAt(document, ["kind"]);
  if (kind !== "List" && kind !== "ResourceList") return [document];
  if (!entries.has("items") && !entries.has("functionConfig")) return [document];
  const items = entries.get("items");
  return items?.kind === "sequence" ? items.items : [];
}

type What = "object" | "patch";

function listItems(list: Mapping, items: Node, what: What): readonly Mapping[] {
  if (items.kind === "scalar" && items.type === "null") return [];
  if (items.kind !== "sequence") {
    throw new BuildError(
      `"items" of a "${textAt(list, ["kind"])}" is ${items.kind === "mapping" ? "a mapping" : "no list"}, and a list of objects is expected`,
      { mark: items.origin.mark },
    );
  }
  return items.items
    .flatMap(unwrapped)
    .filter((node) => !isEmpty(node))
    .map((node) => validObject(node, what));
}

function validObject(node: Node, what: What): Mapping {
  const { mark } = node.origin;
  if (node.kind !== "mapping") {
    throw new BuildError(
      `Cannot read ${a[what]}: it is ${node.kind === "sequence" ? "a list" : "a single value"}, and a mapping with "apiVersion", "kind" and "metadata"${what === "patch" ? " or a list of JSON patch operations" : ""} is expected`,
      { mark },
    );
  }
  const name = textAt(node, ["metadata", "name"]) ?? "";
  if ((textAt(node, ["kind"]) ?? "") === "") {
    throw new BuildError(
      name === ""
        ? `Cannot read ${a[what]}: it has no "kind"; add it${what === "object" ? ', or take the file out of "resources"' : ""}`
        : `Cannot read the ${what} "${name}": it has no "kind"; add it`,
      { mark },
    );
  }
  if (name === "" && !isList(node)) {
    throw new BuildError(
      `Cannot read ${a[what]} of kind "${textAt(node, ["kind"])}": it has no "metadata.name"; add it`,
      { mark },
    );
  }
  return node;
}

const a: Readonly<Record<What, string>> = { object: "an object", patch: "a patch" };

function isList(object: Mapping): boolean {
  return textAt(object, ["kind"])?.endsWith("List") === true;
}

function isEmpty(node: Node): boolean {
  if (node.kind === "mapping") return node.entries.size === 0;
  return node.kind === "sequence" ? node.items.length === 0 : node.type === "null";
}
