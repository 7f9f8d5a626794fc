import type { Finding } from "../checks/finding.ts";
import type { YamlDocument } from "../yaml/document.ts";

/** A YAML file of the tree: its documents, or what is wrong with it. */
export type Source = {
  readonly file: string;
  readonly documents: readonly YamlDocument[];
  readonly problem?: Finding;
};
