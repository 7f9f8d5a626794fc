import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../fleet/resource.ts";
import { workingDirectory } from "../tree/working-directory.ts";
import { upstreamFolder } from "../upstream/upstream.ts";
import { createRepository, type Repository } from "./repository.ts";
import type { Workspace } from "./workspace.ts";

/** Local git repositories that stand in for upstream ones, with the tags that Applications name. */
export type Upstreams = {
  /** The local URL of each upstream repository. */
  readonly urls: ReadonlyMap<string, string>;
  /** Adds what these Applications name and is not there yet. */
  readonly serve: (applications: readonly Manifest[]) => Promise<void>;
};

/** Starts with none; `ours` is the repository URL that is not an upstream. */
export function openUpstreams(workspace: Workspace): Upstreams {
  const repositories = new Map<string, Repository>();
  const served = new Set<string>();
  const urls = new Map<string, string>();
  return {
    urls,
    async serve(applications) {
      for (const { repoURL, targetRevision, path } of applications.flatMap(upstreamSources)) {
        const key = `${repoURL} ${targetRevision}`;
        if (served.has(key)) continue;
        const name = `upstream-${repositories.size}`;
        const repository = repositories.get(repoURL) ?? (await createRepository(workspace, name));
        // Only the folder that is rendered: an operator's sources are many times larger.
        const [top = ""] = path.split("/");
        const copy = workspace.path("upstream", `${served.size}`);
        mkdirSync(join(copy, top), { recursive: true });
        cpSync(join(await upstreamFolder({ repoURL, targetRevision }), top), join(copy, top), {
          recursive: true,
        });
        await repository.commit(workingDirectory(copy), targetRevision, [top]);
        await repository.tag(targetRevision);
        repositories.set(repoURL, repository);
        urls.set(repoURL, repository.url);
        served.add(key);
      }
    },
  };
}

/** A source of ours renders one of our directories; every other is an upstream's. */
const ours = /^(apps|clusters|overlays)\//;

type Source = { readonly repoURL: string; readonly targetRevision: string; readonly path: string };

function upstreamSources(application: Manifest): Source[] {
  const { sources = [] } = (application.spec ?? {}) as { sources?: Source[] };
  return sources.filter(({ path }) => !ours.test(path));
}
