import type { Certificate } from "../secrets/certificate.ts";
import { planReseal } from "../secrets/plan-reseal.ts";
import { overlayTree } from "../tree/memory.ts";
import { readText, type Tree, walk } from "../tree/tree.ts";
import { parseYaml } from "../yaml/document.ts";
import { BRANCH } from "./repository.ts";
import { type StandIn, writeStandIns } from "./stand-ins.ts";

/** What a rehearsal has instead of an environment's own. */
export type RehearsalSettings = {
  readonly environment: string;
  /** URL of the bare repository that holds the commit. */
  readonly repository: string;
  /** Local URL of each upstream repository, by the URL that the Applications name. */
  readonly upstreams: ReadonlyMap<string, string>;
  /** Values are sealed anew for this certificate: nobody has the environment's private key. */
  readonly certificate: Certificate;
  readonly standIns: readonly StandIn[];
};

/**
 * The tree as a rehearsal commits it: the same manifests, but repositories are local ones, every
 * sealed value is fresh and stand-ins replace what this machine has not. What a person supplies is a
 * stand-in too.
 */
export async function rehearsalCommit(tree: Tree, settings: RehearsalSettings): Promise<Tree> {
  const { environment, certificate, standIns } = settings;
  const { writes } = await planReseal(tree, {
    environment,
    certificate,
    oldKeys: [],
    supply: () => Promise.resolve("stand-in"),
    now: new Date(),
  });
  const sealed = Object.fromEntries(writes.map(({ file, content }) => [file, content]));
  const replaced = overlayTree(tree, { ...sealed, ...writeStandIns(tree, standIns) });
  return overlayTree(replaced, localUrls(replaced, settings));
}

function localUrls(tree: Tree, settings: RehearsalSettings): Record<string, string> {
  const { environment, repository, upstreams } = settings;
  const file = `clusters/${environment}/environment/environment.yaml`;
  // The longest first: one repository's URL may be the beginning of another's.
  const byLength = [...upstreams].sort(([a], [b]) => b.length - a.length);
  const changed: Record<string, string> = {
    [file]: setValues(readText(tree, file) ?? "", file, { repository, branch: BRANCH }),
  };
  for (const directory of [`apps/${environment}`, `clusters/${environment}`, "base/argocd"]) {
    for (const each of walk(tree, directory)) {
      const before = changed[each] ?? readText(tree, each) ?? "";
      const after = byLength.reduce((text, [from, to]) => text.replaceAll(from, to), before);
      if (after !== before) changed[each] = after;
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
