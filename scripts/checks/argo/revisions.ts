import type { Finding } from "../finding.ts";
import type { Cluster } from "./cluster.ts";
import { findingAt } from "./report.ts";

/** A tag with a whole version, also behind a module's path or a chart's name, or a commit. */
const pinned = /^(.*[/-])?v?\d+\.\d+\.\d+([-+][\w.-]+)?$|^[0-9a-f]{40}$/;

/** What comes from another repository comes from one commit of it. */
export function revisionFindings({ applications }: Cluster): Finding[] {
  return applications.flatMap(({ name, resource, sources }) =>
    sources
      .filter(({ isOwn, revision }) => !isOwn && !pinned.test(revision))
      .map(({ index, repository, revision }) =>
        findingAt(resource, ["spec", "sources", index, "targetRevision"], {
          rule: "argo-revision",
          message: `Application "${name}" takes "${repository}" at "${revision}", which may be another commit tomorrow`,
          help: 'Pin a tag with its whole version, such as "v3.5.7", or a commit with all 40 digits',
        }),
      ),
  );
}
