import { type DumpOptions, dump } from "js-yaml";
import { definitions, type Kind, names, type ObjectSeed } from "./objects.ts";
import { applyOverlayFields } from "./overlay-fields.ts";
import type { LayerSeed, WorldSeed } from "./seeds.ts";

/** A file tree and the directory to build. */
export type World = { readonly files: Record<string, string>; readonly directory: string };

/** An object as a layer above sees it. */
export type Entry = {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  /** The name that it has by now. */
  readonly current: string;
  readonly namespace: string | undefined;
  readonly isGenerated: boolean;
};

/** A layer under construction. */
export type Layer = {
  readonly directory: string;
  readonly seed: LayerSeed;
  /** What its kustomization says. */
  readonly fields: Record<string, unknown>;
  /** Everything that its patches and replacements can reach. */
  readonly entries: Entry[];
  readonly write: (name: string, content: string) => string;
  readonly yaml: (value: unknown) => string;
};

/** Writes the files that a seed stands for. Most of them build; real kustomize has the last word. */
export function writeWorld({ layers }: WorldSeed): World {
  const files: Record<string, string> = {};
  const built: { directory: string; isComponent: boolean; entries: Entry[]; isTaken: boolean }[] =
    [];
  const taken = new Set<string>();
  layers.forEach((seed, index) => {
    const isLast = index === layers.length - 1;
    const isComponent = seed.component && !isLast;
    const directory = `${isComponent ? "component" : isLast ? "overlay" : "base"}-${index}`;
    const entries: Entry[] = [];
    const free = built.filter(({ isTaken }) => !isTaken);
    // The last layer takes all that nobody took, and alone takes components: they find what they patch.
    const below = isComponent
      ? []
      : free.filter(
          (layer, at) => isLast || (!layer.isComponent && ((seed.below >> at) & 1) === 1),
        );
    for (const layer of below) {
      layer.isTaken = true;
      entries.push(...layer.entries);
    }
    const seen = isComponent ? free.flatMap((layer) => layer.entries) : [];
    entries.push(...seen);
    const bases = below.filter((layer) => !layer.isComponent);
    const components = below.filter((layer) => layer.isComponent);
    const layer: Layer = {
      directory,
      seed,
      entries,
      fields: {
        ...(isComponent && { apiVersion: "kustomize.config.k8s.io/v1alpha1", kind: "Component" }),
      },
      write(name, content) {
        files[`${directory}/${name}`] = content;
        return name;
      },
      yaml: (value) => dump(value, styles[seed.style % styles.length]),
    };
    const resources = bases.map((base) => `../${base.directory}`);
    resources.push(...writeObjects(layer, taken));
    if (resources.length > 0) layer.fields.resources = resources;
    if (components.length > 0) {
      layer.fields.components = components.map((component) => `../${component.directory}`);
    }
    applyOverlayFields(layer);
    layer.write("kustomization.yaml", layer.yaml(layer.fields));
    const { namePrefix = "", nameSuffix = "", namespace } = seed;
    built.push({
      directory,
      isComponent,
      isTaken: false,
      entries: layer.entries
        .filter((entry) => !seen.includes(entry))
        .map((entry) => ({
          ...entry,
          current: unnamed.has(entry.kind)
            ? entry.current
            : `${namePrefix}${entry.current}${nameSuffix}`,
          namespace: namespace ?? entry.namespace,
        })),
    });
  });
  return { files, directory: built.at(-1)?.directory ?? "" };
}

/** Kinds that a prefix leaves alone. */
const unnamed = new Set(["Namespace", "CustomResourceDefinition", "APIService"]);

const styles: readonly DumpOptions[] = [
  { noRefs: true },
  { noRefs: true, indent: 4 },
  { noRefs: true, flowLevel: 4 },
  { noRefs: true, flowLevel: 0 },
  { noRefs: true, lineWidth: 40 },
  { noRefs: true },
];

function writeObjects(layer: Layer, taken: Set<string>): string[] {
  const own = layer.seed.objects.map((seed) => ({ seed, entry: nameObject(seed, taken) }));
  layer.entries.push(...own.map(({ entry }) => entry));
  const documents = own.map(({ seed, entry }) => writeObject(seed, entry, layer.entries));
  if (documents.length === 0) return [];
  if (layer.seed.style === 5) {
    const list = { apiVersion: "v1", kind: "List", items: documents };
    return [layer.write("list.yaml", layer.yaml(list))];
  }
  if (layer.seed.style % 2 === 1) {
    return [layer.write("all.yaml", documents.map((one) => layer.yaml(one)).join("---\n"))];
  }
  return documents.map((one, index) => layer.write(`object-${index}.yaml`, layer.yaml(one)));
}

/** A name that no object of this kind has. */
function nameObject({ kind, name, namespace }: ObjectSeed, taken: Set<string>): Entry {
  const { apiVersion, namespaced } = definitions[kind];
  const wanted = names[name] ?? "web";
  let free: string = wanted;
  for (let count = 2; taken.has(`${kind} ${free}`); count += 1) free = `${wanted}-${count}`;
  taken.add(`${kind} ${free}`);
  const own = namespace === 1 ? "team-a" : namespace === 2 ? "default" : undefined;
  return {
    kind,
    apiVersion,
    name: free,
    current: free,
    namespace: namespaced ? own : undefined,
    isGenerated: false,
  };
}

function writeObject(seed: ObjectSeed, entry: Entry, entries: readonly Entry[]) {
  let next = 0;
  const body: Readonly<Record<string, unknown>> = definitions[seed.kind].body(entry.name, {
    flag: (bit) => ((seed.flags >> bit) & 1) === 1,
    nameOf(kind: Kind) {
      const found = entries.filter((one) => one.kind === kind);
      const choice = seed.references[next++ % Math.max(1, seed.references.length)] ?? 0;
      return (
        found[choice % Math.max(1, found.length)]?.name ?? names[choice % names.length] ?? "web"
      );
    },
  });
  const { metadata, ...rest } = body;
  return {
    apiVersion: entry.apiVersion,
    kind: entry.kind,
    metadata: {
      name: entry.name,
      ...(entry.namespace !== undefined && { namespace: entry.namespace }),
      ...(((seed.flags >> 18) & 1) === 1 && { labels: { app: entry.name, part: "1" } }),
      ...(metadata as object | undefined),
    },
    ...rest,
  };
}
