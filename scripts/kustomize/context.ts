import type { Schema } from "./schema/schema.ts";

/** What transformers ask besides their own configuration. */
export type Context = { readonly schema: Schema };
