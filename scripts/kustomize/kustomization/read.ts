import { BuildError } from "../build-error.ts";
import type { Loaded, Loader } from "../loader.ts";
import { type Mapping, textAt } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";
import { readConfiguration } from "../yaml/read.ts";
import { kustomizationFields } from "./fields.ts";
import { deprecations, fixDeprecated } from "./fix.ts";
import { checkFields } from "./shape.ts";

/** A kustomization file, checked. */
export type Kustomization = {
  readonly file: string;
  readonly kind: "Kustomization" | "Component";
  /** By their names in the right letter case; without null ones and without those that others replaced. */
  readonly fields: Mapping;
  /** Sentences about deprecated fields. */
  readonly warnings: readonly string[];
};

/** The names that Kustomize looks for, in its order; a directory holds one of them. */
export const kustomizationNames: readonly string[] = [
  "kustomization.yaml",
  "kustomization.yml",
  "Kustomization",
];

/** The kustomization file of a loader's directory. `entry` is what named the directory. */
export function findKustomization(loader: Loader, entry?: Mark): Loaded {
  const found = kustomizationNames.flatMap((name) => loader.find(name, entry) ?? []);
  const directory = loader.root || ".";
  const [file, other] = found;
  if (file === undefined) {
    throw new BuildError(
      `Cannot build "${directory}": it holds no "kustomization.yaml" (nor "kustomization.yml" nor "Kustomization"); add one, or name another directory`,
      { mark: entry, file: loader.root },
    );
  }
  if (other !== undefined) {
    throw new BuildError(
      `Cannot build "${directory}": it holds both "${file.file}" and "${other.file}"; remove one of them`,
      { mark: entry, file: other.file },
    );
  }
  return file;
}

/** What a kustomization file says. Throws for a field that is unknown, mistyped or out of scope. */
export function readKustomization({ file, text }: Loaded): Kustomization {
  if (text === undefined) {
    throw new BuildError(`Cannot read "${file}": it is not UTF-8 text; save it in that encoding`, {
      file,
    });
  }
  const document = readConfiguration(text, "resource");
  if (document === undefined) throw empty(file);
  if (document.kind !== "mapping") {
    throw new BuildError(`Cannot build "${file}": it is no mapping; a kustomization has fields`, {
      mark: document.origin.mark,
    });
  }
  const fields = checkFields(document, kustomizationFields, "");
  const kind = kindOf(fields, file);
  refuseHelm(fields);
  if (!saysSomething(fields)) throw empty(file);
  return { file, kind, fields: fixDeprecated(fields), warnings: deprecations(fields, file) };
}

/** Both are optional; what is given must fit together. */
function kindOf(fields: Mapping, file: string): Kustomization["kind"] {
  const kind = textAt(fields, ["kind"]) || "Kustomization";
  const { mark } = fields.entries.get("kind")?.origin ?? fields.origin;
  if (kind !== "Kustomization" && kind !== "Component") {
    throw new BuildError(
      `"kind" of "${file}" is "${kind}", and a kustomization is a "Kustomization" or a "Component"`,
      { mark },
    );
  }
  const expected = versions[kind];
  const apiVersion = textAt(fields, ["apiVersion"]) || expected;
  if (apiVersion !== expected) {
    throw new BuildError(
      `"apiVersion" of "${file}" is "${apiVersion}", and that of a "${kind}" is "${expected}"`,
      { mark: fields.entries.get("apiVersion")?.origin.mark },
    );
  }
  return kind;
}

const versions = {
  Kustomization: "kustomize.config.k8s.io/v1beta1",
  Component: "kustomize.config.k8s.io/v1alpha1",
} as const;

function refuseHelm(fields: Mapping): void {
  for (const field of ["helmCharts", "helmChartInflationGenerator"]) {
    const charts = fields.entries.get(field);
    if (charts?.kind !== "sequence" || charts.items.length === 0) continue;
    throw new BuildError(
      `"${field}" is not supported: render the chart once, keep its manifests in the repository and name them under "resources"`,
      { mark: charts.origin.mark },
    );
  }
}

/** Go cannot tell a text that is empty or a boolean that is false from one that is absent. */
function saysSomething({ entries }: Mapping): boolean {
  return [...entries].some(
    ([name, node]) =>
      name !== "apiVersion" && name !== "kind" && !(node.kind === "scalar" && node.text === ""),
  );
}

function empty(file: string): BuildError {
  return new BuildError(
    `Cannot build "${file}": it is empty; name at least one of its "resources"`,
    { file },
  );
}
