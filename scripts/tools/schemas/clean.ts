import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheDirectory } from "../tool.ts";
import { writeWhole } from "../whole-file.ts";

/** What earlier runs found in order, by its digest; what was not in order is looked at every time. */
export type Clean = {
  readonly has: (text: string) => boolean;
  readonly add: (texts: readonly string[]) => void;
};

/**
 * What a check found in order. `version` says what its answers depend on beside the text itself and
 * the code that asks; without one nothing is remembered.
 */
export function cleanOf(check: string, version: string | undefined): Clean {
  if (version === undefined) return { has: () => false, add: () => {} };
  const file = join(cacheDirectory(), "clean", `${check}-${digest(version + ownSource())}.json`);
  const known = read(file);
  return {
    has: (text) => known.has(digest(text)),
    add(texts) {
      if (texts.length === 0) return;
      // Years of edits would add up: starting again costs one run.
      if (known.size > most) known.clear();
      for (const text of texts) known.add(digest(text));
      write(file, known);
    },
  };
}

/** An answer of a checker that has been corrected since is none. */
function ownSource(): string {
  const folders = [
    import.meta.dirname ?? "",
    join(import.meta.dirname ?? "", "../../checks/schema"),
  ];
  return folders
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .map((file) => readFileSync(file, "utf8"))
    .join("");
}

function read(file: string): Set<string> {
  const before = loaded.get(file);
  if (before) return before;
  const digests: string[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const known = new Set(digests);
  loaded.set(file, known);
  return known;
}

/** Of two processes that write at once, one's news are found again. */
function write(file: string, known: ReadonlySet<string>): void {
  writeWhole(file, JSON.stringify([...known]));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 22);
}

const loaded = new Map<string, Set<string>>();
const most = 20_000;
