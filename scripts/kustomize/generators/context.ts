import type { Load } from "../loader.ts";
import type { Mapping } from "../node/node.ts";
import type { Mark } from "../node/origin.ts";

/** What a generator needs besides its own arguments. */
export type GeneratorContext = {
  readonly load: Load;
  /** `generatorOptions` of the kustomization; undefined for a generator that a file configures. */
  readonly options: Mapping | undefined;
  /** The entry of the kustomization. */
  readonly by: Mark;
  /** The file that holds the entry. */
  readonly file: string;
};
