import { BuildError } from "../build-error.ts";
import type { Mark, Operation, SourceText } from "../node/origin.ts";
import type { Rules } from "./resolve.ts";

/** What every value of a source has in common. */
export type Reading = {
  readonly source: SourceText;
  readonly operation: Operation;
  readonly by: Mark | undefined;
  readonly rules: Rules;
  /** What a key written twice means: an error, or the last one counts. */
  readonly keys: "unique" | "last";
};

/** The error for a source that is no valid YAML. */
export function failure(
  source: SourceText,
  offset: number,
  why: string,
  help?: string,
): BuildError {
  return new BuildError(`Cannot read "${source.file}" as YAML: ${why}`, {
    mark: { source, offset },
    ...(help !== undefined && { help }),
  });
}
