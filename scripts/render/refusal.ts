import type { Finding } from "../checks/finding.ts";
import { type Target, targetName } from "../fleet/target.ts";
import { join, readText } from "../tree/tree.ts";
import type { Place } from "../yaml/place.ts";
import { kustomizationNames } from "./kustomization.ts";
import type { Sources } from "./sources.ts";

/** What kustomize says when it refuses a target, as a finding: the innermost cause, and where it is. */
export function refusalFinding(
  sources: Sources,
  target: Target,
  root: string,
  stderr: string,
): Finding {
  const words = stderr.trim().replace(/\\+"/g, '"').replaceAll(`${root}/`, "");
  const { cause, directory, file } = unwrap(words, target.directory);
  const said = readable(cause).replace(
    /^[a-z]+ /,
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
  return {
    rule: "render",
    severity: "error",
    message: `${said}: kustomize cannot build "${directory}"`,
    help: `Correct it and run "slipway render ${targetName(target)}"`,
    place: placeOf(sources, directory, file, said),
    target,
  };
}

type Unwrapped = {
  readonly cause: string;
  /** The innermost directory that the words name, and its file where they name one. */
  readonly directory: string;
  readonly file?: string;
};

/** Kustomize's words are nested: every directory on the way to the cause adds a prefix. */
function unwrap(words: string, directory: string): Unwrapped {
  for (const [pattern, found] of wrappings) {
    const { groups } = pattern.exec(words) ?? {};
    if (groups === undefined) continue;
    const { rest = "", path = directory, file } = groups;
    const inner = unwrap(rest, found === "skip" ? directory : path);
    return inner.file === undefined && file !== undefined ? { ...inner, file } : inner;
  }
  const isCut = (words.match(/"/g)?.length ?? 0) % 2 === 1;
  return { cause: (isCut ? words.replace(/"$/, "") : words).trim(), directory };
}

const wrappings: readonly (readonly [RegExp, "skip" | "enter"])[] = [
  [/^Error: (?<rest>.*)$/s, "skip"],
  // Our own wrapper around the targets of a batch.
  [/^couldn't make target for path 'batch-[^']*': (?<rest>.*)$/s, "skip"],
  [/^(recursed accumulation|recursed merging) (of|from) path 'batch-[^']*': (?<rest>.*)$/s, "skip"],
  [
    /^(recursed accumulation of|recursed merging from) path '(?<path>[^']*)': (?<rest>.*)$/s,
    "enter",
  ],
  [/^couldn't make target for path '(?<path>[^']*)': (?<rest>.*)$/s, "enter"],
  [/^accumulating (resources|components): (?<rest>.*)$/s, "skip"],
  [/^(accumulateDirectory|loader\.New): ?"(?<rest>.*?)"?$/s, "skip"],
  [/^loader\.New "(?<rest>.*?)"?$/s, "skip"],
  // The path was tried as a file first; the words after it are about the directory that it is.
  [
    /^accumulation err='accumulating resources from '[^']*': '[^']*' must resolve to a file': (?<rest>.*)$/s,
    "skip",
  ],
  [
    /^accumulation err='(accumulating|merging) resources from '(?<file>[^']*)': (?<rest>.*?)': must build at directory: .*$/s,
    "skip",
  ],
  [/^(accumulating|merging) resources from '(?<file>[^']*)': (?<rest>.*)$/s, "skip"],
  [
    /^trouble configuring builtin \w+ with config: `\s*path: (?<file>\S+)\s*`: (?<rest>.*)$/s,
    "skip",
  ],
  [/^trouble configuring builtin \w+ with config: `.*?`: (?<rest>.*)$/s, "skip"],
];

/** Puts Go's notation into words. */
function readable(cause: string): string {
  return cause
    .replace(/; failed to find unique target for patch .*$/s, "")
    .replace(/"?\b(\w+)\.[\w[\]]+\.(?:\[noGrp\]|[\w.-]+)\/([\w.-]+)\.\[?[\w-]+\]?"?/g, '$1 "$2"')
    .replace(/"?\b(\w+)\.\[noVer\]\.\[noGrp\]\/([\w.-]+)\.\[noNs\]/g, '$1 "$2"')
    .replace(
      /^(no resource matches strategic merge patch (\w+ "[^"]+")): no matches for Id \2$/,
      "$1",
    )
    .replace(
      /^merging from generator .*Kind:"(\w+)".*Name:"([^"]+)".*does not exist; cannot merge or replace$/s,
      'There is no $1 "$2" to merge with',
    )
    .replace(/ in object \{\{.*\}\}$/s, "")
    .replace(/^invalid Kustomization: (json: )?/, "")
    .replace(/ into Go struct field (Kustomization\.)?(\S+) of type \S+/, ' into the field "$2"')
    .replace(/\s+/g, " ")
    .replace(/[.:;]$/, "");
}

/** The entry or file that the words name, else the first line that holds one of the names in them. */
function placeOf(
  sources: Sources,
  directory: string,
  named: string | undefined,
  said: string,
): Place {
  const kustomization = sources.kustomization(directory);
  const references = kustomization?.references ?? [];
  const names = namesIn(said);
  const entry = references.find(({ path }) => path.includes("/") && names.includes(path));
  if (entry !== undefined) return entry.place;
  const own = named === undefined ? undefined : join(directory, named);
  const fallback = own ?? kustomization?.file ?? join(directory, kustomizationNames[0] ?? "");
  const files = own
    ? [own]
    : [fallback, ...references.filter(({ role }) => role !== "data").map(({ path }) => path)];
  for (const name of names) {
    for (const file of files) {
      const line = lineOf(sources, file, name);
      if (line !== undefined) return { file, line };
    }
  }
  const [, line] = /\bline (\d+)/.exec(said) ?? [];
  return { file: fallback, line: line ? Number(line) : 1 };
}

/** What stands in quotes, and the path of a JSON patch. */
function namesIn(said: string): string[] {
  return [...said.matchAll(/"([^"\s]+)"|'([^'\s]+)'|`([^`\s]+)`|: (\/\S+):/g)]
    .map((match) => match.slice(1).find((name) => name !== undefined) ?? "")
    .filter((name) => name.length > 1);
}

function lineOf({ tree }: Sources, file: string, name: string): number | undefined {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const whole = new RegExp(`(^|[^\\w-])${escaped}($|[^\\w-])`);
  const text = tree.list(file).length > 0 ? undefined : readText(tree, file);
  const line = (text ?? "").split("\n").findIndex((line) => whole.test(line));
  return line < 0 ? undefined : line + 1;
}
