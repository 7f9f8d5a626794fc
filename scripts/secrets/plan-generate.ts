import { SlipwayError } from "../errors.ts";
import type { Tree } from "../tree/tree.ts";
import { encode } from "./bytes.ts";
import { type AppSecrets, committedCertificate, list, readSecrets } from "./environment.ts";
import { generate } from "./generate.ts";
import { planSecrets, type SecretsPlan } from "./plan.ts";
import { seal } from "./seal.ts";

/**
 * Seals a new value for every generated key that has none, keeps what is sealed, and drops keys that
 * are no longer declared. `rotate` names a generated key that gets a new value all the same.
 */
export async function planGenerate(
  tree: Tree,
  options: { environment: string; app?: string; rotate?: string; now: Date },
): Promise<SecretsPlan> {
  const { environment, app, rotate, now } = options;
  const { publicKey } = await committedCertificate(tree, environment, now);
  const apps = readSecrets(tree, environment, app);
  if (rotate !== undefined) requireRotatable(apps, app, rotate);
  return await planSecrets(
    apps,
    `in "${environment}"`,
    async ({ binding, key, declared, sealed }) => {
      const isKept = sealed !== undefined && !(declared.kind === "generate" && key === rotate);
      if (isKept) return { action: "keep", sealed };
      if (declared.kind !== "generate") return undefined;
      const value = encode(generate(declared.generation));
      return {
        action: sealed === undefined ? "generate" : "rotate",
        sealed: await seal(publicKey, binding, value),
      };
    },
  );
}

function requireRotatable(
  apps: readonly AppSecrets[],
  app: string | undefined,
  rotate: string,
): void {
  if (app === undefined) {
    throw new SlipwayError(`Cannot rotate "${rotate}" in every app at once: name one with "--app"`);
  }
  const generated = apps
    .flatMap(({ secrets }) => secrets.flatMap(({ declared }) => [...declared.keys]))
    .filter(([, { kind }]) => kind === "generate")
    .map(([key]) => key);
  if (generated.includes(rotate)) return;
  throw new SlipwayError(
    `Cannot rotate "${rotate}": the generated keys of "${app}" are ${list(generated)}`,
  );
}
