import type * as z from "zod";
import { formatPath, type Path } from "../fleet/resource.ts";
import { readText, type Tree, UnreadableError, walk } from "../tree/tree.ts";
import { parseYaml, type YamlDocument, YamlSyntaxError } from "../yaml/document.ts";
import type { Place } from "../yaml/place.ts";
import type { Finding } from "./finding.ts";

/** A file of facts beside the manifests, such as `models.yaml`. */
export type Declaration<T> = {
  readonly file: string;
  readonly data: T;
  readonly placeOf: (path: Path) => Place;
};

/** Reads each file of a name below `base`. What cannot be read as YAML is the layout check's to tell. */
export function readDeclarations<T>(
  tree: Tree,
  name: string,
  schema: z.ZodType<T>,
  { rule, help }: { readonly rule: string; readonly help: string },
): { readonly declarations: readonly Declaration<T>[]; readonly findings: readonly Finding[] } {
  const declarations: Declaration<T>[] = [];
  const findings: Finding[] = [];
  for (const file of walk(tree, "base", () => {})) {
    const document = file.endsWith(`/${name}`) ? read(tree, file) : undefined;
    if (document === undefined) continue;
    const { success, data, error } = schema.safeParse(document.value);
    if (success) declarations.push({ file, data, placeOf: document.placeOf });
    else {
      const [issue] = error.issues;
      const path = (issue?.path ?? []) as Path;
      const where = path.length > 0 ? `"${formatPath(path)}"` : "The file";
      const message = `${where} is not as it should be: ${issue?.message}`;
      findings.push({ rule, severity: "error", message, help, place: document.placeOf(path) });
    }
  }
  return { declarations, findings };
}

function read(tree: Tree, file: string): YamlDocument | undefined {
  try {
    return parseYaml(readText(tree, file) ?? "", file)[0];
  } catch (error) {
    if (error instanceof YamlSyntaxError || error instanceof UnreadableError) return undefined;
    throw error;
  }
}
