import type { Check } from "../check.ts";
import { schemaFields } from "./fields.ts";
import { schemaKubeconform } from "./kubeconform.ts";
import { schemaValues } from "./values.ts";

export { dedupe } from "./dedupe.ts";

/**
 * The schema check in three layers, each a check of its own so that skipping one shows. The first two
 * need npm packages only; the third is the API's own schemas, and needs Go once. Where it runs, the first
 * two judge the kinds that it has no schemas of, and what it refused: they may know what was meant. Then
 * `dedupe` leaves one finding for each mistake.
 */
export const schemaChecks: readonly Check[] = [schemaValues, schemaFields, schemaKubeconform];
