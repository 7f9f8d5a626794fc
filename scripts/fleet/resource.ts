import type { Place } from "../yaml/place.ts";
import type { Target } from "./target.ts";

/** Keys and indices from the manifest's root: `["spec", "replicas"]`. */
export type Path = readonly (string | number)[];

/** A rendered Kubernetes object, plain data. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
};

/** A rendered manifest that still knows its target and where its values were set. */
export type Resource = {
  readonly target: Target;
  readonly manifest: Manifest;
  /** Where the value at a path was set; the nearest enclosing place where that is not known. */
  readonly placeOf: (path: Path) => Place;
};

/** `Deployment/llm-systems/router`, without the namespace for cluster-scoped kinds. */
export function resourceId({ kind, metadata }: Manifest): string {
  return [kind, metadata.namespace, metadata.name].filter(Boolean).join("/");
}

/** `["spec", "containers", 0, "image"]` reads `spec.containers[0].image`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (/^[\w-]+$/.test(part)) return text === "" ? part : `${text}.${part}`;
    return `${text}[${JSON.stringify(part)}]`;
  }, "");
}
