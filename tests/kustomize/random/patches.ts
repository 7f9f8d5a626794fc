import { workloads } from "./objects.ts";
import type { PatchSeed } from "./seeds.ts";
import type { Entry, Layer } from "./world.ts";

type Json = unknown;

/** Adds patches, and the deprecated patchesStrategicMerge and patchesJson6902. */
export function addPatches(layer: Layer): void {
  const { seed, fields, entries, write, yaml } = layer;
  const withTarget = (
    patches: readonly PatchSeed[],
    make: (entry: Entry, patch: PatchSeed, index: number) => Json,
  ) =>
    patches.flatMap((patch, index) => {
      const entry = entries[patch.target % Math.max(1, entries.length)];
      return entry === undefined ? [] : [make(entry, patch, index)];
    });
  const patches = withTarget(seed.patches, (entry, patch, index) => {
    const isJson = patch.form >= 4;
    const text = isJson ? jsonPatch(layer, entry, patch) : yaml(strategicMerge(entry, patch));
    const needsTarget = isJson || patch.form >= 2;
    return {
      ...(patch.form % 2 === 0 ? { path: write(`patch-${index}.yaml`, text) } : { patch: text }),
      ...(needsTarget && { target: selector(entry, patch.selector) }),
      ...(patch.options >= 6 && { options: { allowNameChange: true, allowKindChange: true } }),
    };
  });
  if (patches.length > 0) fields.patches = patches;
  const merges = withTarget(seed.patchesStrategicMerge, (entry, patch, index) => {
    const text = yaml(strategicMerge(entry, patch));
    return patch.form % 2 === 0 ? write(`merge-${index}.yaml`, text) : text;
  });
  if (merges.length > 0) fields.patchesStrategicMerge = merges;
  const operations = withTarget(seed.patchesJson6902, (entry, patch, index) => {
    const [group, version] = groupVersion(entry);
    const text = jsonPatch(layer, entry, patch);
    return {
      target: { group, version, kind: entry.kind, name: entry.current },
      ...(patch.form % 2 === 0 ? { path: write(`json-${index}.yaml`, text) } : { patch: text }),
    };
  });
  if (operations.length > 0) fields.patchesJson6902 = operations;
}

function groupVersion({ apiVersion }: Entry): [string, string] {
  const [first = "", second] = apiVersion.split("/");
  return second === undefined ? ["", first] : [first, second];
}

function selector(entry: Entry, form: number): Json {
  const [group, version] = groupVersion(entry);
  const forms = [
    { kind: entry.kind, name: entry.current },
    { kind: entry.kind },
    { group, version, kind: entry.kind, name: entry.name },
    { kind: `${entry.kind.slice(0, 3)}.*`, name: `.*${entry.name}.*` },
    { labelSelector: "part=1" },
    { kind: entry.kind, annotationSelector: "note" },
    { kind: entry.kind, labelSelector: "app in (web,api),!missing" },
    { name: entry.current, namespace: entry.namespace ?? "default" },
  ];
  return forms[form % forms.length];
}

function strategicMerge(entry: Entry, { edits, options }: PatchSeed): Json {
  const patch: Record<string, Json> = {
    apiVersion: entry.apiVersion,
    kind: entry.kind,
    metadata: {
      name: options % 3 === 2 ? entry.name : entry.current,
      ...(entry.namespace !== undefined && { namespace: entry.namespace }),
    },
  };
  for (const edit of edits) merge(patch, contentOf(entry, edit));
  return patch;
}

/** One edit in the form of a partial object; what does not fit the kind becomes a label. */
function contentOf({ kind }: Entry, edit: number): Record<string, Json> {
  const pod = podEdits[edit % podEdits.length];
  if (edit === 23) return { $patch: "delete" };
  if (edit >= 20) return { metadata: metadataEdits[edit - 20] };
  if (workloads.includes(kind as never)) {
    if (edit === 19)
      return { spec: { replicas: 4, strategy: { $patch: "replace", type: "Recreate" } } };
    if (edit === 18) return { spec: { template: { metadata: { annotations: { patched: "1" } } } } };
    return { spec: { template: { spec: pod } } };
  }
  if (kind === "Pod") return { spec: pod };
  if (kind === "CronJob") return { spec: { jobTemplate: { spec: { template: { spec: pod } } } } };
  if (kind === "ConfigMap") {
    return { data: { a: "patched", [`k${edit}`]: "v", ...(edit % 4 === 0 && { name: null }) } };
  }
  if (kind === "Secret") return { stringData: { added: "x" } };
  if (kind === "Service") return { spec: serviceEdits[edit % serviceEdits.length] };
  if (kind === "Widget") return { spec: widgetEdits[edit % widgetEdits.length] };
  if (kind === "ServiceAccount") return { automountServiceAccountToken: false };
  return { metadata: { annotations: { [`edit-${edit}`]: "yes" } } };
}

const metadataEdits = [
  { labels: { patched: "yes" } },
  { annotations: { note: "multi\nline", number: "12" } },
  { labels: { part: null } },
];

const podEdits: readonly Record<string, Json>[] = [
  { containers: [{ name: "main", image: "patched:1" }] },
  { containers: [{ name: "main", env: [{ name: "NEW", value: "1" }] }] },
  { containers: [{ name: "main", env: [{ name: "MODE", value: "other" }] }] },
  { containers: [{ name: "main", env: [{ name: "MODE", $patch: "delete" }] }] },
  { containers: [{ name: "added", image: "sidecar", ports: [{ containerPort: 1 }] }] },
  { containers: [{ name: "side", $patch: "delete" }] },
  { containers: [{ $patch: "replace" }, { name: "only", image: "only" }] },
  { containers: [{ name: "main", args: ["--replaced"] }] },
  {
    containers: [
      { name: "main", ports: [{ containerPort: 8080, name: "web" }, { containerPort: 9 }] },
    ],
  },
  { containers: [{ name: "main", resources: { limits: { cpu: null, memory: "2Gi" } } }] },
  { containers: [{ name: "main", volumeMounts: [{ mountPath: "/etc/config", name: "other" }] }] },
  { volumes: [{ name: "config", emptyDir: {}, configMap: null }] },
  {
    volumes: [
      { name: "new", emptyDir: {} },
      { name: "secret", $patch: "delete" },
    ],
  },
  { tolerations: [{ key: "other", operator: "Exists" }] },
  { nodeSelector: { $patch: "replace", zone: "a" }, imagePullSecrets: [{ name: "pull" }] },
  { hostAliases: [{ ip: "127.0.0.1", hostnames: ["c"] }], nodeSelector: null },
  {
    initContainers: [
      { name: "init", command: ["sh"] },
      { name: "second", image: "x" },
    ],
  },
  { topologySpreadConstraints: [{ topologyKey: "zone", whenUnsatisfiable: "DoNotSchedule" }] },
];

const serviceEdits: readonly Record<string, Json>[] = [
  { ports: [{ port: 80, nodePort: 30000 }] },
  { ports: [{ port: 443, name: "https" }] },
  { ports: [{ port: 53, $patch: "delete" }] },
  { selector: { extra: "yes" }, type: null },
  { ports: [{ port: 53, protocol: "TCP", name: "dns-tcp" }] },
];

const widgetEdits: readonly Record<string, Json>[] = [
  { parts: [{ name: "one", value: 2 }] },
  { size: 2, parts: null },
  { configRef: { $patch: "replace", name: "other" } },
  { configRef: { $patch: "delete" } },
  { new: { deep: { list: [1, { a: null }, []], map: {} } } },
];

function jsonPatch({ yaml }: Layer, { kind }: Entry, { edits, options }: PatchSeed): string {
  const operations = edits.flatMap((edit) => operationsFor(kind, edit));
  return options % 2 === 0 ? yaml(operations) : JSON.stringify(operations, undefined, 1);
}

function operationsFor(kind: string, edit: number): Json[] {
  const pod = kind === "Pod" ? "/spec" : "/spec/template/spec";
  const general: Json[][] = [
    [{ op: "add", path: "/metadata/labels", value: { patched: "json" } }],
    [{ op: "add", path: "/metadata/annotations", value: { "example.com/a": "1" } }],
    [
      { op: "add", path: "/metadata/annotations", value: { "a/b": "1", "c~d": "2" } },
      { op: "remove", path: "/metadata/annotations/a~1b" },
      { op: "test", path: "/metadata/annotations/c~0d", value: "2" },
    ],
    [{ op: "add", path: "/extra", value: [1, 2.5, null, { x: "1e3" }, []] }],
    [
      { op: "add", path: "/extra", value: ["a", "b"] },
      { op: "add", path: "/extra/1", value: "between" },
      { op: "add", path: "/extra/-", value: "end" },
      { op: "remove", path: "/extra/0" },
      { op: "replace", path: "/extra/-1", value: "last" },
    ],
    [{ op: "copy", from: "/metadata/name", path: "/copied" }],
    [
      { op: "add", path: "/moved", value: { a: { b: 1 } } },
      { op: "move", from: "/moved/a", path: "/elsewhere" },
    ],
  ];
  const forPods: Json[][] = [
    [{ op: "replace", path: `${pod}/containers/0/image`, value: "json:2" }],
    [{ op: "add", path: `${pod}/containers/-`, value: { name: "json", image: "json" } }],
    [{ op: "add", path: `${pod}/containers/0/env`, value: [{ name: "JSON", value: "1" }] }],
    [{ op: "remove", path: `${pod}/containers/0/image` }],
    [{ op: "copy", from: `${pod}/containers/0`, path: `${pod}/containers/-` }],
  ];
  const isPod = kind === "Pod" || kind === "Job" || workloads.includes(kind as never);
  const all = isPod ? [...forPods, ...general] : general;
  return all[edit % all.length] ?? [];
}

function merge(into: Record<string, Json>, from: Readonly<Record<string, Json>>): void {
  for (const [key, value] of Object.entries(from)) {
    const old = into[key];
    if (Array.isArray(old) && Array.isArray(value)) into[key] = [...old, ...value];
    else if (isRecord(old) && isRecord(value)) {
      const copy = { ...old };
      merge(copy, value);
      into[key] = copy;
    } else into[key] = value;
  }
}

function isRecord(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
