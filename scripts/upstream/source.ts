import { SlipwayError } from "../errors.ts";
import { isMapping } from "../yaml/value.ts";
import type { Upstream } from "./upstream.ts";

/** A source of an Application that renders a directory of an upstream repository. */
export type UpstreamSource = Upstream & {
  readonly path: string;
  /** Overrides of a kustomization (Application, `spec.sources[].kustomize`). */
  readonly kustomize?: KustomizeOverrides;
  /** Overrides of a chart (Application, `spec.sources[].helm`). */
  readonly helm?: HelmOverrides;
};

export type KustomizeOverrides = {
  /** `old=new:tag`, `name:tag` or `name@digest`. */
  readonly images?: readonly string[];
  readonly replicas?: readonly { readonly name: string; readonly count: number | string }[];
  readonly namespace?: string;
  readonly patches?: readonly object[];
};

export type HelmOverrides = {
  /** @default the Application's name */
  readonly releaseName?: string;
  /** Relative to the chart; with a leading slash, to the repository. */
  readonly valueFiles?: readonly string[];
  /** YAML; `valuesObject` wins. */
  readonly values?: string;
  readonly valuesObject?: object;
  readonly parameters?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly forceString?: boolean;
  }[];
  /** `v3` or `v4`; Argo CD takes Helm 4 for both. */
  readonly version?: string;
  readonly skipCrds?: boolean;
  readonly skipTests?: boolean;
};

/** A source with what else decides on what it renders. */
export type UpstreamRequest = {
  readonly source: UpstreamSource;
  /** The Application's name. */
  readonly application: string;
  /** The namespace that the Application deploys to. */
  readonly namespace: string;
};

/** Every field that is known here: a field passed over would be a silent difference from Argo CD. */
const known: Readonly<Record<string, readonly string[]>> = {
  "": ["repoURL", "targetRevision", "path", "kustomize", "helm", "name"],
  kustomize: ["images", "replicas", "namespace", "patches"],
  helm: [
    ...["releaseName", "valueFiles", "values", "valuesObject", "parameters", "version"],
    ...["skipCrds", "skipTests"],
  ],
};

/** Throws a `SlipwayError` where a source has a field that is not rendered here as Argo CD would. */
export function requireKnownFields({ source, application }: UpstreamRequest): void {
  for (const [owner, names] of Object.entries(known)) {
    const value = owner === "" ? source : source[owner as "kustomize" | "helm"];
    const unknown = isMapping(value) && Object.keys(value).find((name) => !names.includes(name));
    if (!unknown) continue;
    const field = owner === "" ? unknown : `${owner}.${unknown}`;
    throw new SlipwayError(
      `Cannot render "${source.path}" of Application "${application}": the override "${field}" is not known here; use one of ${names.join(", ")}, or add it to scripts/upstream/`,
    );
  }
  if (source.kustomize === undefined || source.helm === undefined) return;
  throw new SlipwayError(
    `Cannot render "${source.path}" of Application "${application}": it has overrides for both kustomize and helm; remove one of them`,
  );
}

/** The error for a source that is there and does not render, on one line. */
export function refusal({ path, repoURL }: UpstreamSource, words: string): SlipwayError {
  const line = words.trim().replace(/\s*\n\s*/g, " ");
  return new SlipwayError(`Cannot render "${path}" of "${repoURL}": ${line}`);
}
