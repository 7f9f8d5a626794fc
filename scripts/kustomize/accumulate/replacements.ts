import { BuildError } from "../build-error.ts";
import { markOf, replacementFields, scalarOf } from "../kustomization/fields.ts";
import { readFields } from "../kustomization/shape.ts";
import type { Loader } from "../loader.ts";
import type { Mapping, Node } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import { readConfiguration } from "../yaml/read.ts";

export type Replacement = { readonly replacement: Mapping; readonly by?: Mark | undefined };

/** Entries of `replacements`, those that only name a file replaced by what it holds. */
export function readReplacements(
  entries: readonly Mapping[],
  loader: Loader,
): readonly Replacement[] {
  return entries.flatMap((entry): readonly Replacement[] => {
    const path = scalarOf(entry, "path");
    if (path === undefined) return [{ replacement: entry, by: entry.origin.mark }];
    if (entry.entries.has("source") || hasItems(entry.entries.get("targets"))) {
      throw new BuildError(
        `A replacement has both "path" and "source" or "targets": keep the replacement in "${path.text}", or write it here`,
        { mark: entry.origin.mark },
      );
    }
    const { text, file } = loader.load(path.text, markOf(path));
    const document = text && readConfiguration(text, "replacement");
    const items = document?.kind === "sequence" ? document.items : [document];
    return items.map((item) => {
      if (item?.kind === "mapping") {
        const replacement = readFields(item, replacementFields);
        return { replacement, by: replacement.origin.mark };
      }
      throw new BuildError(
        `Cannot read replacements from "${file}": a replacement or a list of them is expected`,
        { mark: item?.origin.mark ?? path.origin.mark },
      );
    });
  });
}

function hasItems(node: Node | undefined): boolean {
  return node?.kind === "sequence" && node.items.length > 0;
}
