import type { Finding } from "../checks/finding.ts";

/** The outcome of a run of checks: what every reporter turns into text. */
export type Report = {
  /** Sorted by file, line, rule: the same input prints the same report. */
  readonly findings: readonly Finding[];
  readonly checks: readonly {
    readonly id: string;
    readonly status: "ran" | "skipped";
    /** Why it was skipped. */
    readonly reason?: string;
  }[];
  readonly targets: number;
  readonly resources: number;
  readonly milliseconds: number;
};

/** Turns a report into what is printed; colours only where asked. */
export type Reporter = (report: Report, options: { readonly colour: boolean }) => string;
