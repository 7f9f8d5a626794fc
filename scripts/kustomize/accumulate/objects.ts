import { join } from "../../tree/tree.ts";
import { BuildError } from "../build-error.ts";
import { type Scalar, textAt } from "../node/node.ts";
import { parseObjects } from "../resource/parse.ts";
import type { Resource } from "../resource/resource.ts";
import { annotateOrigin } from "../transformers/build-metadata.ts";
import { readDocuments } from "../yaml/read.ts";
import { noteSchemaUse, type Session, type Visit } from "./session.ts";

/** The objects of the resource file that an entry names; undefined where it names no file. */
export function readObjects(visit: Visit, entry: Scalar): readonly Resource[] | undefined {
  const { session, loader, path } = visit;
  if (entry.text === "") return undefined;
  const loaded = loader.find(entry.text, entry.origin.mark);
  if (loaded === undefined) return undefined;
  const { file, text } = loaded;
  let resources = session.shared.objects.get(entry);
  if (resources === undefined) {
    if (text === undefined) {
      throw new BuildError(
        `Cannot read "${file}": it is not UTF-8 text; save it in that encoding`,
        { file },
      );
    }
    const source = { file, mark: entry.origin.mark };
    resources = parseObjects(readDocuments(text, "resource")).map((object) => ({
      object,
      previous: [],
      prefixes: [],
      suffixes: [],
      source,
    }));
    session.shared.objects.set(entry, resources);
  }
  if (resources.some((resource) => isUnknownKind(resource, session))) {
    noteSchemaUse(session.trail, "kinds");
  }
  return path === undefined ? resources : seenFrom(resources, join(path, entry.text));
}

function isUnknownKind({ object }: Resource, { schemaState: { schema } }: Session): boolean {
  const apiVersion = textAt(object, ["apiVersion"]) ?? "";
  return schema.isClusterScoped(apiVersion, textAt(object, ["kind"]) ?? "") === undefined;
}

function seenFrom(resources: readonly Resource[], path: string): readonly Resource[] {
  return resources.map((resource) =>
    annotateOrigin({ ...resource, source: { ...resource.source, path } }),
  );
}
