/** A change to the working tree, decided and shown before anything is written. */
export type Plan = {
  /** One sentence a person reads before agreeing. */
  readonly summary: string;
  readonly writes: readonly { readonly file: string; readonly content: string }[];
  readonly deletes: readonly string[];
};
