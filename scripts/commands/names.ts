import { nearest } from "../checks/schema/nearest.ts";
import { SlipwayError } from "../errors.ts";

/**
 * What to throw for a name that is none of the known ones, with `where` it is unknown:
 * `Unknown environment "prd", did you mean "prod"? The environments are dev, staging, prod`
 */
export function unknownName(
  kind: string,
  name: string,
  known: readonly string[],
  where = "",
): SlipwayError {
  const meant = nearest(name, known);
  const subject = `Unknown ${kind} "${name}"${where && ` ${where}`}`;
  const list = `${kind}s are ${known.join(", ")}`;
  return new SlipwayError(
    meant === undefined
      ? `${subject}: the ${list}`
      : `${subject}, did you mean "${meant}"? The ${list}`,
  );
}
