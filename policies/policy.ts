import type { Path, Resource } from "../scripts/fleet/resource.ts";

/** A rule about rendered resources: data and one pure function. */
export type Policy = {
  /** Stable kebab-case id; the finding's rule. */
  readonly id: string;
  readonly severity: "error" | "warning";
  /** What holds when the rule is kept, one sentence. */
  readonly description: string;
  /** The way out. */
  readonly help: string;
  /** Where the rule applies. @default every environment */
  readonly environments?: readonly string[];
  /** Whether it is also about apps/ and clusters/, which hold no workloads. @default false */
  readonly everywhere?: boolean;
  /** Sees all resources of one target at once, so that a rule may compare them. */
  readonly check: (resources: readonly Resource[], report: Report) => void;
};

/** Names the resource, the field and what is wrong with it in one sentence. */
export type Report = (
  resource: Resource,
  violation: { readonly path: Path; readonly message: string },
) => void;
