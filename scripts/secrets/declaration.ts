import * as z from "zod";
import { SlipwayError } from "../errors.ts";
import { formatPath, type Path } from "../fleet/resource.ts";
import { readText, type Tree } from "../tree/tree.ts";
import { parseYaml, type YamlDocument, YamlSyntaxError } from "../yaml/document.ts";
import type { Place } from "../yaml/place.ts";
import { alphabets, type Generation } from "./generate.ts";
import { scopes } from "./seal.ts";
import { unknownReference } from "./template.ts";

/** Where the value of a key comes from. */
export type DeclaredKey =
  | { readonly kind: "generate"; readonly generation: Generation }
  | { readonly kind: "supply"; readonly hint: string; readonly optional: boolean }
  | { readonly kind: "template"; readonly template: string };

/** One Secret that an app needs, as `base/<app>/secrets.yaml` declares it. */
export type DeclaredSecret = Omit<WrittenSecret, "keys"> & {
  readonly keys: ReadonlyMap<string, DeclaredKey>;
  readonly place: Place;
};

/** A declaration that cannot be used: the message starts with the file and line, which `place` repeats. */
class DeclarationError extends SlipwayError {
  readonly place: Place;
  constructor(message: string, place: Place) {
    super(`${place.file}:${place.line ?? 1}: ${message}`);
    this.place = place;
  }
}

/** The file that declares an app's Secrets. */
export function declarationFile(app: string): string {
  return `base/${app}/secrets.yaml`;
}

/** The Secrets an app declares; none where it has no declaration. Throws `DeclarationError`. */
export function readDeclaration(tree: Tree, app: string): readonly DeclaredSecret[] {
  const file = declarationFile(app);
  const text = readText(tree, file);
  if (text === undefined) return [];
  const document = parse(text, file);
  const { success, data, error } = declaration.safeParse(document.value);
  if (success) {
    return data.secrets.map(({ keys, ...secret }, index) => ({
      ...secret,
      keys: new Map(Object.entries(keys).map(([key, written]) => [key, resolve(written)])),
      place: document.placeOf(["secrets", index]),
    }));
  }
  const [issue] = error.issues;
  const path = (issue?.path ?? []) as Path;
  const subject = path.length > 0 ? `"${formatPath(path)}"` : "The file";
  const unknown = issue?.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  throw new DeclarationError(
    `${subject} ${issue?.message}`,
    document.placeOf([...path, ...unknown]),
  );
}

const generation = z.strictObject(
  {
    length: z
      .int("must be a whole number, the count of random characters")
      .min(16, "must be at least 16: a shorter value can be guessed")
      .max(4096, "must be at most 4096"),
    alphabet: z.enum(Object.keys(alphabets) as (keyof typeof alphabets)[], {
      error: `must be one of ${Object.keys(alphabets).join(", ")}`,
    }),
    prefix: z.string("must be a text").optional(),
  },
  { error: shape("length, alphabet and, if need be, prefix") },
);

const key = z
  .strictObject(
    {
      generate: generation.optional(),
      supply: z
        .string("must be a sentence that says where to get the value")
        .min(1, "must be a sentence that says where to get the value")
        .optional(),
      optional: z.boolean("must be true or false").optional(),
      template: z.string("must be a text").optional(),
    },
    { error: shape("one of generate, supply or template") },
  )
  .refine(
    ({ generate, supply, template }) =>
      [generate, supply, template].filter((source) => source !== undefined).length === 1,
    "must say exactly one of generate, supply or template",
  )
  .refine(({ supply, optional }) => supply !== undefined || optional === undefined, {
    error: "cannot be optional: only a key with supply can",
  });

const secret = z.strictObject(
  {
    name: z
      .string("must be the name of the Secret")
      .regex(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, "must be a name that Kubernetes takes"),
    scope: z.enum(scopes, { error: `must be one of ${scopes.join(", ")}` }).default("strict"),
    type: z.string("must be a Secret type such as kubernetes.io/basic-auth").optional(),
    labels: z.record(z.string(), z.string("must be a text"), "must be a mapping").optional(),
    environments: z
      .array(z.string("must be an environment"), "must be a list of environments")
      .optional(),
    keys: z
      .record(
        z.string().regex(/^[-._a-zA-Z0-9]+$/),
        key,
        "must be a mapping whose keys have letters, digits, -, _ and . only",
      )
      .superRefine((keys, context) => {
        for (const [name, { template }] of Object.entries(keys)) {
          const problem = template === undefined ? undefined : unknownReference(template, keys);
          if (problem === undefined) continue;
          context.addIssue({ code: "custom", path: [name, "template"], message: problem });
        }
      }),
  },
  { error: shape("name, keys and, if need be, scope, type, labels and environments") },
);

const declaration = z.strictObject(
  {
    secrets: z.array(secret, "must be a list of Secrets").superRefine((secrets, context) => {
      const names = secrets.map(({ name }) => name);
      const twice = names.findIndex((name, index) => names.indexOf(name) < index);
      if (twice < 0) return;
      const message = `repeats "${names[twice]}": declare each Secret once`;
      context.addIssue({ code: "custom", path: [twice, "name"], message });
    }),
  },
  { error: shape("secrets") },
);

type WrittenSecret = Readonly<z.infer<typeof secret>>;
type WrittenKey = WrittenSecret["keys"][string];

function resolve({ generate, supply, optional, template }: WrittenKey): DeclaredKey {
  if (generate !== undefined) return { kind: "generate", generation: generate };
  if (template !== undefined) return { kind: "template", template };
  return { kind: "supply", hint: supply ?? "", optional: optional ?? false };
}

/** The sentence for a mapping that is none, or that has a field nobody reads. */
function shape(fields: string): z.core.$ZodErrorMap {
  return (issue) =>
    issue.code === "unrecognized_keys"
      ? `has the unknown field "${issue.keys[0]}": it takes ${fields}`
      : `must be a mapping with ${fields}`;
}

function parse(text: string, file: string): YamlDocument {
  try {
    const [document] = parseYaml(text, file);
    if (document !== undefined) return document;
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
    throw new DeclarationError(`The file is not YAML: ${error.message}`, error.place);
  }
  throw new DeclarationError("The file is empty: it must be a mapping with secrets", { file });
}
