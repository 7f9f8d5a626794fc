import type { Plan } from "../plan.ts";
import { readText, type Tree } from "../tree/tree.ts";
import { type Bytes, encode } from "./bytes.ts";
import { type Certificate, requireValid } from "./certificate.ts";
import { certificateFile, readSecrets } from "./environment.ts";
import { generate } from "./generate.ts";
import { type MissingKey, planSecrets, type Question, type SecretsPlan } from "./plan.ts";
import { seal, unseal } from "./seal.ts";

/** Asks for the value of a supplied key that the old private keys do not open. */
export type Supply = (key: MissingKey) => Promise<string | undefined>;

/**
 * Seals everything in an environment for a certificate. A value that an old private key opens stays
 * what it is, so that nothing running notices; other generated keys get new values, other supplied
 * ones are asked for, and what nobody supplies is dropped, since the new key could not open it.
 */
export async function planReseal(
  tree: Tree,
  options: {
    environment: string;
    certificate: Certificate;
    oldKeys: readonly CryptoKey[];
    supply: Supply;
    now: Date;
  },
): Promise<SecretsPlan> {
  const { environment, certificate, oldKeys, supply, now } = options;
  const file = certificateFile(environment);
  requireValid(certificate, file, now);

  const plan = await planSecrets(
    readSecrets(tree, environment),
    `in "${environment}"`,
    async (question) => {
      const { binding, declared, state, key, app } = question;
      const seals = async (value: Bytes) => await seal(certificate.publicKey, binding, value);
      const opened = await open(question, oldKeys);
      if (opened !== undefined) return { action: "reseal", sealed: await seals(opened) };
      if (declared.kind === "generate") {
        const value = encode(generate(declared.generation));
        return { action: "generate", sealed: await seals(value) };
      }
      if (declared.kind !== "supply") return undefined;
      const { hint, optional } = declared;
      const secret = state.declared.name;
      const value = await supply({ app: app.app, secret, key, hint, optional });
      return value === undefined
        ? undefined
        : { action: "seal", sealed: await seals(encode(value)) };
    },
    { mayRebind: true },
  );
  const isNew = readText(tree, file) !== certificate.pem;
  const writes: Plan["writes"] = isNew ? [{ file, content: certificate.pem }] : [];
  return { ...plan, writes: [...writes, ...plan.writes] };
}

/** Tries each old key on a value, bound as its file says: the declaration may have moved on. */
async function open(
  { state, sealed, app }: Question,
  oldKeys: readonly CryptoKey[],
): Promise<Bytes | undefined> {
  if (sealed === undefined || state.sealed === undefined) return undefined;
  const { name, namespace = app.namespace, scope } = state.sealed;
  for (const key of oldKeys) {
    const value = await unseal(key, { name, namespace, scope }, sealed);
    if (value !== undefined) return value;
  }
  return undefined;
}
