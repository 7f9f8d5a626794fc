import { SlipwayError } from "../errors.ts";
import type { Place } from "../yaml/place.ts";
import { type Mark, placeOf } from "./node/origin.ts";

/** A directory that cannot be built: one sentence that names both sides, and where to correct it. */
export class BuildError extends SlipwayError {
  readonly mark: Mark | undefined;
  /** The file alone, where there is no text to point into: a missing file, a directory. */
  readonly file: string | undefined;
  readonly help: string | undefined;
  constructor(
    message: string,
    at: { readonly mark?: Mark | undefined; readonly file?: string; readonly help?: string } = {},
  ) {
    super(message);
    this.mark = at.mark;
    this.file = at.file;
    this.help = at.help;
  }

  get place(): Place | undefined {
    if (this.mark) return placeOf(this.mark);
    return this.file === undefined ? undefined : { file: this.file };
  }
}
