import { addGenerators } from "./generators.ts";
import { addPatches } from "./patches.ts";
import { addReplacements, addVars } from "./replacements.ts";
import type { Layer } from "./world.ts";

/** Fills the kustomization of a layer with what its seed asks for, in words that fit its objects. */
export function applyOverlayFields(layer: Layer): void {
  const { seed, fields, entries } = layer;
  addGenerators(layer);
  for (const name of ["namespace", "namePrefix", "nameSuffix"] as const) {
    if (seed[name] !== undefined) fields[name] = seed[name];
  }
  if (seed.labels.length > 0) fields.labels = seed.labels.map(labels);
  if (seed.commonLabels) fields.commonLabels = seed.commonLabels;
  if (seed.commonAnnotations) fields.commonAnnotations = seed.commonAnnotations;
  if (seed.images.length > 0) fields.images = seed.images.map(image);
  if (seed.replicas.length > 0) {
    const scalable = entries.filter(({ kind }) => ["Deployment", "StatefulSet"].includes(kind));
    const replicas = seed.replicas.flatMap(({ target, count }) => {
      const name = scalable[target % scalable.length]?.current;
      return name === undefined ? [] : [{ name, count }];
    });
    if (replicas.length > 0) fields.replicas = replicas;
  }
  addPatches(layer);
  addReplacements(layer);
  addVars(layer);
  if (seed.configurations !== undefined) addConfigurations(layer, seed.configurations);
  if (seed.plugins.length > 0) addPlugins(layer);
  if (seed.buildMetadata !== undefined) {
    const all = ["originAnnotations", "transformerAnnotations", "managedByLabel"];
    fields.buildMetadata = all.filter((_, bit) => has(seed.buildMetadata ?? 0, bit));
  }
  if (seed.sortOptions !== undefined) fields.sortOptions = sortOptions[seed.sortOptions];
}

const has = (flags: number, bit: number) => ((flags >> bit) & 1) === 1;

function labels({ pairs, flags, extra }: Layer["seed"]["labels"][number]) {
  return {
    pairs,
    ...(has(flags, 0) && { includeTemplates: true }),
    ...(has(flags, 1) && has(flags, 2) && { includeSelectors: true }),
    ...(extra !== undefined && {
      fields: [
        {
          path: ["spec/extra", "spec/template/metadata/labels", "data", "spec/a/b"][extra],
          create: has(flags, 3),
          ...(has(flags, 4) && { kind: "Widget" }),
          ...(has(flags, 5) && { group: "example.com", version: "v1" }),
        },
      ],
    }),
  };
}

const imageNames = [
  "nginx",
  "registry.example.com:5000/team/web",
  "busybox",
  "web",
  "quay.io/a/b",
  "api",
  "widget",
];

function image({ name, flags }: Layer["seed"]["images"][number]) {
  const known = imageNames[name] ?? "nginx";
  return {
    name: has(flags, 6) ? `${known}:1.25` : known,
    ...(has(flags, 0) && { newName: "mirror.example.com/new" }),
    ...(has(flags, 1)
      ? { newTag: has(flags, 2) ? "1.0" : "v2" }
      : has(flags, 3) && { digest: `sha256:${"0f".repeat(32)}` }),
    ...(has(flags, 4) && has(flags, 5) && { tagSuffix: "-slim" }),
  };
}

const sortOptions = [
  { order: "fifo" },
  { order: "legacy" },
  { order: "legacy", legacySortOptions: { orderFirst: ["Deployment"], orderLast: ["ConfigMap"] } },
  { order: "legacy", legacySortOptions: { orderFirst: ["Namespace"], orderLast: [] } },
];

function addConfigurations({ fields, write, yaml }: Layer, flags: number): void {
  const content = {
    ...(has(flags, 0) && {
      nameReference: [
        { kind: "Deployment", fieldSpecs: [{ kind: "Widget", path: "spec/deployment" }] },
        {
          kind: "ConfigMap",
          version: "v1",
          fieldSpecs: [{ kind: "Widget", path: "spec/configRef/name" }],
        },
      ],
    }),
    ...(has(flags, 1) && { images: [{ kind: "Widget", path: "spec/image" }] }),
    ...(has(flags, 2) && {
      commonLabels: [{ kind: "Widget", path: "spec/template/metadata/labels", create: true }],
    }),
    ...(has(flags, 3) && {
      namePrefix: [{ kind: "ConfigMap", path: "data/name" }],
      varReference: [{ kind: "ConfigMap", path: "data/url" }],
      commonAnnotations: [{ kind: "Widget", path: "spec/annotations", create: true }],
    }),
  };
  fields.configurations = [write("configuration.yaml", yaml(content))];
}

/** The builtin plugins, configured in a file or inline. */
function addPlugins({ seed, fields, entries, write, yaml }: Layer): void {
  const builtin = (kind: string, index: number, rest: object) => ({
    apiVersion: "builtin",
    kind,
    metadata: { name: `plugin-${index}` },
    ...rest,
  });
  const everywhere = (path: string) => ({ fieldSpecs: [{ path, create: true }] });
  const transformers = seed.plugins.map(({ kind, pick, flags }, index) => {
    const target = entries[pick % Math.max(1, entries.length)];
    const configs = [
      builtin("PrefixTransformer", index, {
        prefix: "t-",
        fieldSpecs: [{ path: "metadata/name" }],
      }),
      builtin("SuffixTransformer", index, {
        suffix: "-t",
        fieldSpecs: [{ path: "metadata/name" }],
      }),
      builtin("LabelTransformer", index, {
        labels: { plugin: "yes" },
        ...everywhere("metadata/labels"),
      }),
      builtin("AnnotationsTransformer", index, {
        annotations: { plugin: "1" },
        ...everywhere("metadata/annotations"),
      }),
      builtin("NamespaceTransformer", index, {
        metadata: { name: "ns", namespace: "plugged" },
        ...(has(flags, 0) && { unsetOnly: true }),
        ...(has(flags, 1) && { setRoleBindingSubjects: "allServiceAccounts" }),
        fieldSpecs: [
          { path: "metadata/name", kind: "Namespace", create: true },
          { path: "metadata/namespace", create: true },
        ],
      }),
      builtin("ImageTagTransformer", index, {
        imageTag: { name: "nginx", newTag: "9" },
        ...(has(flags, 2) && { fieldSpecs: [{ path: "spec/image" }] }),
      }),
      builtin("ReplicaCountTransformer", index, {
        replica: { name: target?.current ?? "x", count: 7 },
        fieldSpecs: [{ path: "spec/replicas", create: true, kind: "Deployment" }],
      }),
      builtin("PatchTransformer", index, {
        patch: '[{"op": "add", "path": "/metadata/plugged", "value": true}]',
        target: { kind: target?.kind ?? "Deployment" },
      }),
      builtin("PatchTransformer", index, {
        patch: JSON.stringify({
          apiVersion: target?.apiVersion ?? "v1",
          kind: target?.kind ?? "ConfigMap",
          metadata: { name: target?.current ?? "x", labels: { plugged: "yes" } },
        }),
      }),
    ];
    const config = configs[kind % configs.length];
    return has(flags, 7) ? yaml(config) : write(`plugin-${index}.yaml`, yaml(config));
  });
  fields.transformers = transformers;
}
