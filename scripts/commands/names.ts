import { nearest } from "../checks/schema/nearest.ts";
import { SlipwayError } from "../errors.ts";

/**
 * What to throw for a name that is none of the known ones:
 * `Unknown environment "prd", did you mean "prod"? The environments are dev, staging, prod`
 */
export function unknownName(kind: string, name: string, known: readonly string[]): SlipwayError {
  const meant = nearest(name, known);
  const list = `${kind}s are ${known.join(", ")}`;
  return new SlipwayError(
    meant === undefined
      ? `Unknown ${kind} "${name}": the ${list}`
      : `Unknown ${kind} "${name}", did you mean "${meant}"? The ${list}`,
  );
}
