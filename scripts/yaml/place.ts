/** Where a person would go to fix something: a file of the repository, lines and columns from 1. */
export type Place = {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
};
