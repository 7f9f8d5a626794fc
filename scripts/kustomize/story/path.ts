import type { Mapping, Node } from "../node/node.ts";

/** How far a path leads: to `node` where `rest` is empty, else to `owner`, which has no `rest`. */
export type Reach = { readonly node: Node; readonly owner: Node; readonly rest: string };

/**
 * Follows a path as a person writes it: fields with dots between them, items by number or by a
 * field as in `containers[name=router]`. A key with dots in it needs no quotes where it is there.
 */
export function readPath(object: Mapping, path: string): Reach {
  let current: Node = object;
  const parts = split(path);
  for (let at = 0; at < parts.length; ) {
    const found: Found | undefined = step(current, parts, at);
    if (found === undefined) {
      const rest = parts.slice(at).map(({ text }) => text);
      return { node: current, owner: current, rest: rest.join(".") };
    }
    current = found.node;
    at += found.parts;
  }
  return { node: current, owner: current, rest: "" };
}

type Part = { readonly text: string; readonly key?: string };
type Found = { readonly node: Node; readonly parts: number };

/** `a.b[0][name=x]["c.d"]`: a bracket with `=` names the field that tells the item. */
function split(path: string): Part[] {
  const pattern = /\[\s*(?:"([^"]*)"|'([^']*)'|([\w./-]+)=([^\]]*)|([^\]]*))\s*\]|([^.[\]]+)/g;
  return [...path.matchAll(pattern)].map(([, double, single, key, value, bare, plain]) =>
    key === undefined
      ? { text: double ?? single ?? bare ?? plain ?? "" }
      : { key, text: value ?? "" },
  );
}

function step(owner: Node, parts: readonly Part[], at: number): Found | undefined {
  const part = parts[at];
  if (part === undefined || owner.kind === "scalar") return undefined;
  if (owner.kind === "sequence") {
    const node = owner.items.find((item, index) =>
      part.key === undefined ? String(index) === part.text : has(item, part.key, part.text),
    );
    return node && { node, parts: 1 };
  }
  // example.com/team is one key: the dots in it look like those between fields.
  let key = "";
  for (let end = at; end < parts.length; end += 1) {
    key += (end === at ? "" : ".") + parts[end]?.text;
    const node = owner.entries.get(key);
    if (node) return { node, parts: end - at + 1 };
  }
  return undefined;
}

function has(item: Node, key: string, text: string): boolean {
  const value = item.kind === "mapping" ? item.entries.get(key) : undefined;
  return value?.kind === "scalar" && value.text === text;
}
