import { join } from "../../tree/tree.ts";
import type { Finding } from "../finding.ts";
import type { Cluster } from "./cluster.ts";
import { findingAt } from "./report.ts";

/** The root Application owns the Applications of its environment. */
export function rootFindings({ environment, root, targets }: Cluster): Finding[] {
  const expected = join("apps", environment);
  const directory = join("clusters", environment);
  if (root === undefined) {
    const target = targets.find((one) => one.directory === directory);
    return [
      {
        rule: "argo-root",
        severity: "error",
        message: `No Application of "${directory}" renders "${expected}", so Argo CD never sees any app`,
        help: `Add a root Application with the path "${expected}"`,
        place: { file: join(directory, "kustomization.yaml"), line: 1 },
        ...(target && { target }),
      },
    ];
  }
  const [source] = root.sources;
  if (source?.isOwn && source.path === expected && root.sources.length === 1) return [];
  return [
    findingAt(root.resource, ["spec", "sources", 0, "path"], {
      rule: "argo-root",
      message: `Application "${root.name}" of "${directory}" renders "${source?.path ?? ""}" instead of "${expected}"`,
      help: `Give it one source, this repository with the path "${expected}"`,
    }),
  ];
}
