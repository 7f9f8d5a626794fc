import { SlipwayError } from "../errors.ts";
import type { Tree } from "../tree/tree.ts";
import type { Bytes } from "./bytes.ts";
import {
  committedCertificate,
  list,
  readSecrets,
  requireBinding,
  type SecretState,
} from "./environment.ts";
import { bindingOf, contentOf, notesOf, type SecretsPlan } from "./plan.ts";
import { seal } from "./seal.ts";

/** Seals one value that a person supplies and leaves every other byte of the file alone. */
export async function planSeal(
  tree: Tree,
  options: {
    environment: string;
    app: string;
    key: string;
    secret?: string;
    value: Bytes;
    now: Date;
  },
): Promise<SecretsPlan> {
  const { environment, app, key, secret, value, now } = options;
  const { publicKey } = await committedCertificate(tree, environment, now);
  const [found] = readSecrets(tree, environment, app);
  if (found === undefined) throw new SlipwayError(`Cannot seal "${key}": "${app}" has no secrets`);
  const state = findKey(found.secrets, { app, key, secret });
  requireBinding(state, found.namespace);
  const binding = bindingOf(found, state);
  const encrypted = new Map(state.sealed?.encrypted);
  encrypted.set(key, await seal(publicKey, binding, value));
  return {
    summary: `Seal "${key}" of "${app}" in "${environment}"`,
    writes: [{ file: state.file, content: contentOf(state, binding, encrypted) }],
    deletes: [],
    files: [{ file: state.file, actions: new Map([[key, "seal"]]) }],
    missing: [],
    notes: notesOf(found),
  };
}

function findKey(
  secrets: readonly SecretState[],
  { app, key, secret }: { app: string; key: string; secret: string | undefined },
): SecretState {
  const failure = `Cannot seal "${key}" of "${app}"`;
  const named = secrets.filter(({ declared }) => secret === undefined || declared.name === secret);
  const [state, ...others] = named.filter(({ declared }) => declared.keys.has(key));
  if (state === undefined) {
    const keys = named.flatMap(({ declared }) => [...declared.keys.keys()]);
    throw new SlipwayError(`${failure}: the declared keys are ${list(keys)}`);
  }
  if (others.length > 0) {
    const names = [state, ...others].map(({ declared }) => declared.name);
    throw new SlipwayError(`${failure}: ${list(names)} have this key; name one with "--secret"`);
  }
  if (state.declared.keys.get(key)?.kind === "template") {
    throw new SlipwayError(
      `${failure}: the controller makes it from a template; seal the keys that the template refers to`,
    );
  }
  return state;
}
