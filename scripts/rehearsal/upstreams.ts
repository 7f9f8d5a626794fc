import { cpSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../fleet/resource.ts";
import { workingDirectory } from "../tree/working-directory.ts";
import { upstreamsOf } from "../upstream/applications.ts";
import { sourceFiles } from "../upstream/files.ts";
import type { UpstreamSource } from "../upstream/source.ts";
import { upstreamFolder } from "../upstream/upstream.ts";
import { renderWhole } from "../upstream/upstreams.ts";
import { createRepository, type Repository } from "./repository.ts";
import type { UpstreamObjects } from "./stand-ins.ts";
import type { Workspace } from "./workspace.ts";

/** Local git repositories that stand in for upstream ones, with the tags that Applications name. */
export type Upstreams = {
  /** The local URL of each upstream repository. */
  readonly urls: ReadonlyMap<string, string>;
  /** Adds what these Applications name and is not there yet; returns what each source renders. */
  readonly serve: (applications: readonly Manifest[]) => Promise<readonly UpstreamObjects[]>;
};

/** Starts with none. */
export function openUpstreams(workspace: Workspace): Upstreams {
  const repositories = new Map<string, Repository>();
  const served = new Set<string>();
  const releases = new Map<string, string>();
  const urls = new Map<string, string>();

  async function serve(source: UpstreamSource): Promise<void> {
    const { repoURL, targetRevision } = source;
    const release = `${repoURL} ${targetRevision}`;
    if (served.has(`${release} ${source.path}`)) return;
    const name = `upstream-${repositories.size}`;
    const repository = repositories.get(repoURL) ?? (await createRepository(workspace, name));
    // Two Applications may render two paths of one release.
    const copy = releases.get(release) ?? workspace.path("upstream", `${releases.size}`);
    const folder = await upstreamFolder(source);
    // Only what is rendered: an operator's sources are many times larger.
    for (const file of sourceFiles(folder, source)) {
      cpSync(join(folder, file), join(copy, file));
    }
    await repository.commit(workingDirectory(copy), targetRevision, [""]);
    await repository.tag(targetRevision);
    repositories.set(repoURL, repository);
    urls.set(repoURL, repository.url);
    releases.set(release, copy);
    served.add(`${release} ${source.path}`);
  }

  return {
    urls,
    async serve(applications) {
      const all: UpstreamObjects[] = [];
      for (const application of applications) {
        for (const { index, request } of upstreamsOf(application)) {
          await serve(request.source);
          all.push({ application, source: index, objects: await renderWhole(request) });
        }
      }
      return all;
    },
  };
}
