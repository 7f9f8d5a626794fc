import type { Target } from "../fleet/target.ts";
import type { Place } from "../yaml/place.ts";

/** Something wrong with the repository. Always returned, never thrown. */
export type Finding = {
  /** Stable kebab-case id: what people search for, suppress and talk about. */
  readonly rule: string;
  readonly severity: "error" | "warning";
  /** One sentence, no final period, values in quotes. */
  readonly message: string;
  /** The way out. */
  readonly help?: string;
  readonly place: Place;
  readonly target?: Target;
  /** `Deployment/<namespace>/<name>` */
  readonly resource?: string;
  /** `spec.template.spec.containers[0].image` */
  readonly path?: string;
};

/** What a check did: it ran, or it could not and says why. A green run means the checks ran. */
export type CheckResult =
  | { readonly status: "ran"; readonly findings: readonly Finding[] }
  | { readonly status: "skipped"; readonly reason: string };
