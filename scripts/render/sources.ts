import type { Finding } from "../checks/finding.ts";
import { decodeText, type Tree, UnreadableError } from "../tree/tree.ts";
import { parseYaml, YamlSyntaxError } from "../yaml/document.ts";
import type { Place } from "../yaml/place.ts";
import { type Kustomization, readKustomization } from "./kustomization.ts";
import type { Source } from "./source.ts";

/** The files of one tree, each of them parsed once. */
export type Sources = {
  readonly tree: Tree;
  /** A YAML file; undefined where there is none. */
  readonly source: (file: string) => Source | undefined;
  /** The kustomization of a directory; undefined where there is none that can be read. */
  readonly kustomization: (directory: string) => Kustomization | undefined;
};

/** Opens a tree for reading; nothing is read before it is asked for, and nothing twice. */
export function readSources(tree: Tree): Sources {
  const known = opened.get(tree);
  if (known !== undefined) return known;
  const source = once((file) => readSource(tree, file));
  const sources = {
    tree,
    source,
    kustomization: once((directory) => readKustomization(directory, source)),
  };
  opened.set(tree, sources);
  return sources;
}

const opened = new WeakMap<Tree, Sources>();

/** What is wrong with a file that cannot be read as text. */
export function unreadableFinding({ path, message }: UnreadableError): Finding {
  return {
    rule: "layout-unreadable",
    severity: "error",
    message,
    place: { file: path },
  };
}

/** The same bytes again, as of a tree that remembers, are parsed already. */
function readSource(tree: Tree, file: string): Source | undefined {
  try {
    const bytes = tree.read(file);
    if (bytes === undefined) return undefined;
    const known = parsed.get(bytes);
    if (known?.file === file) return known;
    const source = { file, documents: parseYaml(decodeText(bytes, file), file) };
    parsed.set(bytes, source);
    return source;
  } catch (error) {
    if (error instanceof UnreadableError) {
      return { file, documents: [], problem: unreadableFinding(error) };
    }
    if (error instanceof YamlSyntaxError) {
      return { file, documents: [], problem: syntaxFinding(error.message, error.place) };
    }
    throw error;
  }
}

const parsed = new WeakMap<Uint8Array, Source>();

function syntaxFinding(reason: string, place: Place): Finding {
  return {
    rule: "layout-yaml",
    severity: "error",
    message: `Cannot parse "${place.file}" as YAML: ${reason}`,
    help: "Correct the line; kustomize and Argo CD cannot read the file either",
    place,
  };
}

function once<T>(read: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>();
  return (key) => {
    if (known.has(key)) return known.get(key) as T;
    const value = read(key);
    known.set(key, value);
    return value;
  };
}
