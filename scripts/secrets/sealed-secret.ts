import { dump } from "js-yaml";
import * as z from "zod";
import { SlipwayError } from "../errors.ts";
import { parseYaml, YamlSyntaxError } from "../yaml/document.ts";
import type { DeclaredSecret } from "./declaration.ts";
import type { Binding, Scope } from "./seal.ts";
import { spliceMapping } from "./splice.ts";

/** A SealedSecret as it stands in a file. */
export type SealedSecret = {
  readonly file: string;
  readonly text: string;
  readonly name: string;
  /** Undefined where the file leaves it to Kustomize. */
  readonly namespace: string | undefined;
  readonly scope: Scope;
  /** Sealed values by key. */
  readonly encrypted: ReadonlyMap<string, string>;
};

/** Reads a file that holds one SealedSecret. Throws a `SlipwayError` where it holds anything else. */
export function parseSealedSecret(text: string, file: string): SealedSecret {
  const { metadata, spec } = read(text, file);
  return {
    file,
    text,
    name: metadata.name,
    namespace: metadata.namespace,
    scope: scopeOf(metadata.annotations ?? {}),
    encrypted: new Map(Object.entries(spec.encryptedData)),
  };
}

/** The manifest of a new SealedSecret, one key per line. */
export function printSealedSecret(
  binding: Binding,
  declared: Pick<DeclaredSecret, "type" | "labels" | "keys">,
  encrypted: ReadonlyMap<string, string>,
): string {
  const { name, namespace } = binding;
  const scope = scopeAnnotations(binding.scope);
  const metadata = { name, namespace, ...(scope && { annotations: scope }) };
  return print({
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    metadata: { name, namespace, annotations: { ...syncWave, ...scope } },
    spec: {
      encryptedData: Object.fromEntries(encrypted),
      template: withDeclared({ metadata }, declared),
    },
  });
}

/**
 * The file with these sealed values and the declared type, labels and templates. Where only values
 * change, every other byte stays; else the document is printed anew with all its other fields.
 */
export function updateSealedSecret(
  { text, file }: SealedSecret,
  declared: Pick<DeclaredSecret, "type" | "labels" | "keys">,
  encrypted: ReadonlyMap<string, string>,
): string {
  const manifest = read(text, file);
  const template = withDeclared(manifest.spec.template ?? {}, declared);
  if (canonical(template) === canonical({ metadata: {}, ...manifest.spec.template })) {
    const spliced = spliceMapping(text, ["spec", "encryptedData"], encrypted);
    if (spliced !== undefined) return spliced;
  }
  const spec = { ...manifest.spec, encryptedData: Object.fromEntries(encrypted), template };
  return print({ ...manifest, spec });
}

/** Secrets come before what reads them: their wave inside the app. */
const syncWave = { "argocd.argoproj.io/sync-wave": "-1" };

const CLUSTER_WIDE = "sealedsecrets.bitnami.com/cluster-wide";
const NAMESPACE_WIDE = "sealedsecrets.bitnami.com/namespace-wide";

const strings = z.record(z.string(), z.string());
const metadata = z.looseObject({ annotations: strings.nullish(), labels: strings.nullish() });
const template = z.looseObject({ metadata: metadata.nullish(), data: z.unknown().optional() });
const manifest = z.looseObject({
  apiVersion: z.literal("bitnami.com/v1alpha1"),
  kind: z.literal("SealedSecret"),
  metadata: metadata.extend({ name: z.string(), namespace: z.string().optional() }),
  spec: z.looseObject({ encryptedData: strings, template: template.nullish() }),
});

type Template = z.infer<typeof template>;

function read(text: string, file: string): z.infer<typeof manifest> {
  const [document, ...others] = parseOrThrow(text, file);
  const { success } = manifest.safeParse(document?.value);
  // The value itself and not what zod makes of it: that puts the fields into the order of the schema.
  if (success && others.length === 0) return document?.value as z.infer<typeof manifest>;
  throw new SlipwayError(
    `Cannot read "${file}" as one SealedSecret of bitnami.com/v1alpha1: files named sealed-secret*.yaml belong to "slipway secrets"; give the file another name or remove it`,
  );
}

function parseOrThrow(text: string, file: string) {
  try {
    return parseYaml(text, file);
  } catch (error) {
    if (!(error instanceof YamlSyntaxError)) throw error;
    throw new SlipwayError(`Cannot read "${file}:${error.place.line ?? 1}": ${error.message}`);
  }
}

function scopeOf(annotations: Readonly<Record<string, string>>): Scope {
  if (annotations[CLUSTER_WIDE] === "true") return "cluster-wide";
  return annotations[NAMESPACE_WIDE] === "true" ? "namespace-wide" : "strict";
}

function scopeAnnotations(scope: Scope): Record<string, string> | undefined {
  if (scope === "strict") return undefined;
  return { [scope === "cluster-wide" ? CLUSTER_WIDE : NAMESPACE_WIDE]: "true" };
}

/** The template with what the declaration says about the Secret, and without what it no longer says. */
function withDeclared(
  { metadata, ...template }: Template,
  { type, labels, keys }: Pick<DeclaredSecret, "type" | "labels" | "keys">,
): Template {
  const { labels: _labels, ...others } = metadata ?? {};
  const { type: _type, data: _data, ...rest } = template;
  const data = Object.fromEntries(
    [...keys].flatMap(([key, declared]) =>
      "template" in declared ? [[key, declared.template]] : [],
    ),
  );
  return {
    metadata: { ...others, ...(labels && { labels }) },
    ...(type !== undefined && { type }),
    ...rest,
    ...(Object.keys(data).length > 0 && { data }),
  };
}

/** One text for values that differ in the order of their fields only. */
function canonical(value: unknown): string {
  return dump(value, { sortKeys: true });
}

function print(value: object): string {
  return dump(value, { lineWidth: -1, quoteStyle: "double" });
}
