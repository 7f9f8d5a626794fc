import { SlipwayError } from "../errors.ts";
import { join, readText, type Tree } from "../tree/tree.ts";
import { parseYaml } from "../yaml/document.ts";
import { type Certificate, readCertificate, requireValid } from "./certificate.ts";
import { type DeclaredSecret, declarationFile, readDeclaration } from "./declaration.ts";
import { parseSealedSecret, type SealedSecret } from "./sealed-secret.ts";

/** What one app declares for an environment, beside what stands sealed in its overlay. */
export type AppSecrets = {
  readonly app: string;
  readonly environment: string;
  readonly namespace: string;
  readonly secrets: readonly SecretState[];
  /** SealedSecrets that the app no longer declares for this environment. */
  readonly undeclared: readonly SealedSecret[];
  /** Files that the overlay's kustomization does not list, so that Argo CD never sees them. */
  readonly unlisted: (file: string) => boolean;
};

/** One declared Secret: the file it has or will have, and its content where there is any. */
export type SecretState = {
  readonly declared: DeclaredSecret;
  readonly file: string;
  readonly sealed: SealedSecret | undefined;
};

/** The committed certificate that an environment's values are sealed with. */
export function certificateFile(environment: string): string {
  return `clusters/${environment}/sealing-certificate.pem`;
}

/** The environments: the directories below `overlays/`. */
export function environments(tree: Tree): readonly string[] {
  return directories(tree, "overlays");
}

/**
 * The declared Secrets of every app with an overlay in the environment, or of one app.
 * Throws a `SlipwayError` where there is no such environment or the app declares nothing for it.
 */
export function readSecrets(tree: Tree, environment: string, app?: string): readonly AppSecrets[] {
  requireEnvironment(tree, environment);
  const overlays = directories(tree, join("overlays", environment));
  const declaring = overlays.filter((name) => tree.read(declarationFile(name)) !== undefined);
  if (app === undefined) return declaring.map((name) => readApp(tree, environment, name));
  if (declaring.includes(app)) return [readApp(tree, environment, app)];
  throw new SlipwayError(
    overlays.includes(app)
      ? `Cannot read the secrets of "${app}": there is no "${declarationFile(app)}"; declare them there`
      : `Cannot read the secrets of "${app}": it has no overlay in "${environment}"; the apps with secrets there are ${list(declaring)}`,
  );
}

/** The environment's certificate from git. Throws a `SlipwayError` where it is absent or ran out. */
export async function committedCertificate(
  tree: Tree,
  environment: string,
  now: Date,
): Promise<Certificate> {
  requireEnvironment(tree, environment);
  const file = certificateFile(environment);
  const text = readText(tree, file);
  if (text === undefined) {
    throw new SlipwayError(
      `Cannot seal for "${environment}": there is no "${file}"; make one with "slipway secrets reseal ${environment} --new-key FILE"`,
    );
  }
  const certificate = await readCertificate(text, file);
  requireValid(certificate, file, now);
  return certificate;
}

/** Why the values in a file cannot be opened as what the declaration says; undefined where they can. */
export function bindingProblem(
  { declared, sealed }: SecretState,
  namespace: string,
): string | undefined {
  if (sealed === undefined) return undefined;
  if (sealed.scope !== declared.scope) {
    return `it is sealed with the scope "${sealed.scope}" and declared "${declared.scope}"`;
  }
  if (declared.scope === "cluster-wide") return undefined;
  if (sealed.namespace !== undefined && sealed.namespace !== namespace) {
    return `it is sealed for the namespace "${sealed.namespace}" and the overlay's is "${namespace}"`;
  }
  return undefined;
}

/** Throws a `SlipwayError` where a file's values cannot be opened as what the declaration says. */
export function requireBinding(state: SecretState, namespace: string): void {
  const problem = bindingProblem(state, namespace);
  if (problem === undefined) return;
  throw new SlipwayError(
    `Cannot use "${state.file}": ${problem}; remove the file and seal its values again`,
  );
}

/** Names as a sentence lists them. */
export function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map((name) => `"${name}"`).join(", ");
}

function requireEnvironment(tree: Tree, environment: string): void {
  const known = environments(tree);
  if (!known.includes(environment)) {
    throw new SlipwayError(
      `Cannot read the secrets of "${environment}": the environments are ${list(known)}`,
    );
  }
}

function readApp(tree: Tree, environment: string, app: string): AppSecrets {
  const directory = join("overlays", environment, app);
  const declaration = readDeclaration(tree, app).filter(
    ({ environments }) => environments?.includes(environment) ?? true,
  );
  const sealed = tree
    .list(directory)
    .filter(({ name }) => /^sealed-secret.*\.yaml$/.test(name))
    .map(({ name }) => join(directory, name))
    .map((file) => parseSealedSecret(readText(tree, file) ?? "", file));
  const { namespace, resources } = readKustomization(tree, directory);
  return {
    app,
    environment,
    namespace,
    secrets: declaration.map((declared) => {
      const found = sealed.find(({ name }) => name === declared.name);
      const file = found?.file ?? newFile(directory, declared.name, declaration.length, sealed);
      return { declared, file, sealed: found };
    }),
    undeclared: sealed.filter(({ name }) => !declaration.some((known) => known.name === name)),
    unlisted: (file) => !resources.some((resource) => join(directory, resource) === file),
  };
}

/** `sealed-secret.yaml` for an app with one Secret, `sealed-secret-<name>.yaml` with several. */
function newFile(
  directory: string,
  name: string,
  count: number,
  taken: readonly SealedSecret[],
): string {
  const alone = join(directory, "sealed-secret.yaml");
  const isFree = !taken.some(({ file }) => file === alone);
  return count === 1 && isFree ? alone : join(directory, `sealed-secret-${name}.yaml`);
}

function readKustomization(
  tree: Tree,
  directory: string,
): { namespace: string; resources: readonly string[] } {
  const file = join(directory, "kustomization.yaml");
  const text = readText(tree, file);
  const [document] = text === undefined ? [] : parseYaml(text, file);
  const { namespace, resources } = (document?.value ?? {}) as Record<string, unknown>;
  if (typeof namespace !== "string") {
    throw new SlipwayError(
      `Cannot tell the namespace of the secrets in "${directory}": its kustomization.yaml has no "namespace"; set it there, sealed values are bound to it`,
    );
  }
  return { namespace, resources: Array.isArray(resources) ? resources.map(String) : [] };
}

function directories(tree: Tree, directory: string): readonly string[] {
  return tree
    .list(directory)
    .filter(({ kind }) => kind === "directory")
    .map(({ name }) => name);
}
