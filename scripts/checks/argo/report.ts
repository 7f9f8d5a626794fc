import { formatPath, type Path, type Resource, resourceId } from "../../fleet/resource.ts";
import type { Finding } from "../finding.ts";

/** A finding about a field of a rendered object, where that field was set. */
export function findingAt(
  resource: Resource,
  path: Path,
  { rule, message, help }: Pick<Finding, "rule" | "message"> & { readonly help: string },
): Finding {
  return {
    rule,
    severity: "error",
    message,
    help,
    place: resource.placeOf(path),
    target: resource.target,
    resource: resourceId(resource.manifest),
    ...(path.length > 0 && { path: formatPath(path) }),
  };
}

/** How a message calls the other side of a conflict: its name, and the file and line where to look. */
export function nameAt(resource: Resource, path: Path): string {
  const { file, line } = resource.placeOf(path);
  return `"${resource.manifest.metadata.name}" (${line === undefined ? file : `${file}:${line}`})`;
}
