import type { Plan } from "../plan.ts";
import type { DeclaredKey } from "./declaration.ts";
import {
  type AppSecrets,
  bindingProblem,
  requireBinding,
  type SecretState,
} from "./environment.ts";
import type { Binding } from "./seal.ts";
import { printSealedSecret, updateSealedSecret } from "./sealed-secret.ts";

/** A Plan, and for each file what happens to its keys; values are in none of its texts. */
export type SecretsPlan = Plan & {
  readonly files: readonly FileChange[];
  /** Supplied keys without a value. */
  readonly missing: readonly MissingKey[];
  /** What a person should know beside the plan. */
  readonly notes: readonly string[];
};

/** What happens to the keys of one file. */
type FileChange = {
  readonly file: string;
  readonly actions: ReadonlyMap<string, Action>;
};

type Action = "keep" | "generate" | "rotate" | "seal" | "reseal" | "drop";

/** A key that a person has to supply. */
export type MissingKey = {
  readonly app: string;
  readonly secret: string;
  readonly key: string;
  /** Where to get the value. */
  readonly hint: string;
  readonly optional: boolean;
};

/** One key to decide about. */
export type Question = {
  readonly app: AppSecrets;
  readonly state: SecretState;
  /** What a new value is sealed for. */
  readonly binding: Binding;
  readonly key: string;
  readonly declared: DeclaredKey;
  readonly sealed: string | undefined;
};

/** Undefined where there is no value: a supplied key is then missing. */
export type Decision = { readonly action: Action; readonly sealed: string } | undefined;

/** Asks for every declared key that is no template what becomes of it, and plans the files. */
export async function planSecrets(
  apps: readonly AppSecrets[],
  where: string,
  decide: (question: Question) => Promise<Decision>,
  { mayRebind = false }: { mayRebind?: boolean } = {},
): Promise<SecretsPlan> {
  const files: FileChange[] = [];
  const writes: Plan["writes"][number][] = [];
  const missing: MissingKey[] = [];
  for (const app of apps) {
    for (const state of app.secrets) {
      if (!mayRebind) requireBinding(state, app.namespace);
      const binding = bindingOf(app, state);
      const actions = new Map<string, Action>();
      const encrypted = new Map<string, string>();
      for (const [key, declared] of state.declared.keys) {
        if (declared.kind === "template") continue;
        const sealed = state.sealed?.encrypted.get(key);
        const decision = await decide({ app, state, binding, key, declared, sealed });
        if (decision !== undefined) {
          actions.set(key, decision.action);
          encrypted.set(key, decision.sealed);
        } else if (declared.kind === "supply") {
          const { hint, optional } = declared;
          missing.push({ app: app.app, secret: state.declared.name, key, hint, optional });
        }
      }
      for (const key of state.sealed?.encrypted.keys() ?? []) {
        if (!encrypted.has(key)) actions.set(key, "drop");
      }
      const content = contentOf(state, binding, encrypted);
      if (content === state.sealed?.text) continue;
      files.push({ file: state.file, actions });
      writes.push({ file: state.file, content });
    }
  }
  const notes = apps.flatMap(notesOf);
  return { summary: summarize(files, where), writes, deletes: [], files, missing, notes };
}

/** What the values of a Secret are sealed for. */
export function bindingOf({ namespace }: AppSecrets, { declared }: SecretState): Binding {
  return { name: declared.name, namespace, scope: declared.scope };
}

/** The file with these sealed values: spliced where it exists, else printed. */
export function contentOf(
  state: SecretState,
  binding: Binding,
  encrypted: ReadonlyMap<string, string>,
): string {
  const { declared, sealed } = state;
  return sealed === undefined || bindingProblem(state, binding.namespace) !== undefined
    ? printSealedSecret(binding, declared, encrypted)
    : updateSealedSecret(sealed, declared, encrypted);
}

/** What is odd around an app's secrets and no command mends. */
export function notesOf({ app, secrets, undeclared, unlisted }: AppSecrets): string[] {
  return [
    ...undeclared.map(
      ({ file, name }) =>
        `"${file}" holds "${name}", which "${app}" does not declare: remove the file and its line in kustomization.yaml`,
    ),
    ...secrets
      .filter(({ file }) => unlisted(file))
      .map(({ file }) => `"${file}" is not among the resources of its kustomization.yaml: add it`),
  ];
}

function summarize(files: readonly FileChange[], where: string): string {
  const actions = files.flatMap(({ actions }) => [...actions.values()]);
  const counts = (["generate", "rotate", "seal", "reseal", "drop"] as const).flatMap((action) => {
    const count = actions.filter((other) => other === action).length;
    return count === 0 ? [] : [`${action} ${count} ${count === 1 ? "key" : "keys"}`];
  });
  if (files.length === 0) return `Nothing to seal ${where}`;
  const text = counts.length === 0 ? "update templates" : counts.join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} ${where}`;
}
