import type { Certificate } from "../secrets/certificate.ts";
import { planReseal } from "../secrets/plan-reseal.ts";
import { overlayTree } from "../tree/memory.ts";
import { readText, type Tree, walk } from "../tree/tree.ts";
import { parseYaml } from "../yaml/document.ts";
import { BRANCH } from "./repository.ts";

/** What a rehearsal has instead of an environment's own. */
export type StandIns = {
  readonly environment: string;
  /** URL of the bare repository that holds the commit. */
  readonly repository: string;
  /** Local URL of each upstream repository, by the URL that the Applications name. */
  readonly upstreams: ReadonlyMap<string, string>;
  /** Values are sealed anew for this certificate: nobody has the environment's private key. */
  readonly certificate: Certificate;
};

/**
 * The tree as a rehearsal commits it: the same manifests, but repositories are local ones and every
 * sealed value is fresh. What a person supplies is a stand-in too.
 */
export async function rehearsalCommit(tree: Tree, standIns: StandIns): Promise<Tree> {
  const { environment, certificate } = standIns;
  const { writes } = await planReseal(tree, {
    environment,
    certificate,
    oldKeys: [],
    supply: () => Promise.resolve("stand-in"),
    now: new Date(),
  });
  const sealed = Object.fromEntries(writes.map(({ file, content }) => [file, content]));
  return overlayTree(tree, { ...sealed, ...localUrls(tree, standIns) });
}

function localUrls(tree: Tree, standIns: StandIns): Record<string, string> {
  const { environment, repository, upstreams } = standIns;
  const settings = `clusters/${environment}/environment/environment.yaml`;
  // The longest first: one repository's URL may be the beginning of another's.
  const byLength = [...upstreams].sort(([a], [b]) => b.length - a.length);
  const changed: Record<string, string> = {
    [settings]: setValues(readText(tree, settings) ?? "", settings, { repository, branch: BRANCH }),
  };
  for (const directory of [`apps/${environment}`, `clusters/${environment}`, "base/argocd"]) {
    for (const file of walk(tree, directory)) {
      const before = changed[file] ?? readText(tree, file) ?? "";
      const after = byLength.reduce((text, [from, to]) => text.replaceAll(from, to), before);
      if (after !== before) changed[file] = after;
    }
  }
  return changed;
}

/** Sets keys of a ConfigMap's data and leaves every other byte alone. */
function setValues(text: string, file: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((current, [key, value]) => {
    const range = parseYaml(current, file)[0]?.rangeOf(["data", key]);
    if (range === undefined) return current;
    return current.slice(0, range.start) + JSON.stringify(value) + current.slice(range.end);
  }, text);
}
