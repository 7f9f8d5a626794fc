import type { Command } from "commander";
import { SlipwayError } from "../errors.ts";
import { applyPlan, readOptionFile, requireKeyFile, writeKeyFile } from "../secrets/apply.ts";
import { encode } from "../secrets/bytes.ts";
import { createSealingKey, readCertificate, type SealingKey } from "../secrets/certificate.ts";
import { certificateFile, committedCertificate, environments } from "../secrets/environment.ts";
import { listSecrets, needsWork, renderList } from "../secrets/list.ts";
import type { MissingKey, SecretsPlan } from "../secrets/plan.ts";
import { planGenerate } from "../secrets/plan-generate.ts";
import { planReseal, type Supply } from "../secrets/plan-reseal.ts";
import { planSeal } from "../secrets/plan-seal.ts";
import { readPrivateKeys } from "../secrets/private-key.ts";
import { isIncomplete, keyName, renderPlan } from "../secrets/report.ts";
import { readSingleValue, readValues, requireKnown } from "../secrets/supplied.ts";
import { askHidden, isTerminal, readStandardInput } from "../secrets/terminal.ts";
import type { Tree } from "../tree/tree.ts";
import { workingDirectory } from "../tree/working-directory.ts";
import { findRoot } from "./root.ts";

/** Adds `slipway secrets` with its sub-commands. */
export function register(program: Command): void {
  const secrets = program
    .command("secrets")
    .description("what is sealed, and sealing more")
    .addHelpText("after", help);

  secrets
    .command("list")
    .description("every declared key and whether it is sealed; exit 1 where something is missing")
    .argument("[env]", "one environment instead of all")
    .option("--reporter <name>", "text or json", "text")
    .action(list);

  secrets
    .command("generate")
    .description("seal a random value for each generated key that has none")
    .argument("<env>")
    .option("--app <app>", "one app instead of all")
    .option("--rotate <key>", "a new value for this generated key, which has one")
    .option("--write", "write the files; without it the plan is shown")
    .action(generate);

  secrets
    .command("seal")
    .description("seal one value, read from standard input or asked for on the terminal")
    .argument("<env>")
    .argument("<app>")
    .argument("<key>")
    .option("--secret <name>", "which Secret, where several have this key")
    .option("--write", "write the file; without it the plan is shown and no value is read")
    .action(seal);

  secrets
    .command("reseal")
    .description("seal a whole environment for a certificate, such as a fork's own")
    .argument("<env>")
    .option("--new-key <file>", "make a key pair; the private key goes to this file")
    .option("--certificate <file>", "the certificate of a controller that runs already")
    .option("--old-key <file>", "the private key so far: values that it opens stay as they are")
    .option("--stdin", "read supplied values as lines of app/secret/key=value")
    .option("--write", "write the files; without it the plan is shown")
    .action(reseal);
}

const help = `
Values are never printed and never written in the clear. To read one, ask the cluster:
  kubectl get secret NAME --namespace NAMESPACE --output jsonpath='{.data.KEY}' | base64 -d

A fork starts with a key of its own, which slipway bootstrap installs on the cluster:
  slipway secrets reseal dev --new-key ~/dev-sealing-key.pem --write`;

async function list(environment: string | undefined, options: { reporter: string }): Promise<void> {
  const tree = workingDirectory(findRoot());
  const names = environment === undefined ? environments(tree) : [environment];
  const lists = await Promise.all(names.map((name) => listSecrets(tree, name)));
  process.stdout.write(
    options.reporter === "json"
      ? `${JSON.stringify(lists, null, 2)}\n`
      : lists.map(renderList).join("\n"),
  );
  process.exitCode = lists.some(needsWork) ? 1 : 0;
}

async function generate(
  environment: string,
  { write, ...options }: { app?: string; rotate?: string; write?: true },
): Promise<void> {
  const root = findRoot();
  const tree = workingDirectory(root);
  finish(root, await planGenerate(tree, { environment, ...options, now: new Date() }), write);
}

async function seal(
  environment: string,
  app: string,
  key: string,
  { write, ...options }: { secret?: string; write?: true },
): Promise<void> {
  const root = findRoot();
  const request = { environment, app, key, ...options, now: new Date() };
  // Wrong names are refused before a person is asked for a secret.
  const tree = workingDirectory(root);
  const preview = await planSeal(tree, { ...request, value: encode("") });
  if (!write) return finish(root, preview, write);
  const value = isTerminal()
    ? await askHidden(`Value of "${key}" (not shown): `)
    : await readStandardInput();
  finish(root, await planSeal(tree, { ...request, value: encode(readSingleValue(value)) }), write);
}

async function reseal(
  environment: string,
  options: {
    newKey?: string;
    certificate?: string;
    oldKey?: string;
    stdin?: true;
    write?: true;
  },
): Promise<void> {
  const { newKey, certificate: file, oldKey, stdin, write } = options;
  if (newKey !== undefined && file !== undefined) {
    throw new SlipwayError(
      `Cannot reseal with both "--new-key" and "--certificate": a new key brings its own certificate, give one of them`,
    );
  }
  const root = findRoot();
  const tree = workingDirectory(root);
  const now = new Date();
  if (newKey !== undefined) requireKeyFile(root, newKey);
  const created =
    newKey === undefined ? undefined : await createSealingKey(`sealed-secrets/${environment}`, now);
  const certificate = await chosenCertificate(tree, environment, { created, file, now });
  const oldKeys =
    oldKey === undefined ? [] : await readPrivateKeys(readOptionFile("--old-key", oldKey), oldKey);
  const { supply, check } = await suppliedBy({ stdin, write });
  const plan = await planReseal(tree, { environment, certificate, oldKeys, supply, now });
  check();
  if (newKey !== undefined) {
    process.stdout.write(`The private key ${write ? "is in" : "would go to"} "${newKey}"\n`);
    // First of all: files sealed for a key that was lost are worth nothing.
    if (write && created !== undefined) writeKeyFile(root, newKey, created.privateKey);
  }
  finish(root, plan, write);
}

/** Shows the plan, applies it with `--write`, and sets the exit code. */
function finish(root: string, plan: SecretsPlan, write: true | undefined): void {
  process.stdout.write(renderPlan(plan));
  if (plan.writes.length > 0) {
    if (write) applyPlan(root, plan);
    process.stdout.write(write ? "Written\n" : "Nothing is written: run it again with --write\n");
  }
  process.exitCode = isIncomplete(plan) ? 1 : 0;
}

async function chosenCertificate(
  tree: Tree,
  environment: string,
  given: { created: SealingKey | undefined; file: string | undefined; now: Date },
) {
  const { created, file, now } = given;
  if (created !== undefined) {
    return await readCertificate(created.certificate, certificateFile(environment));
  }
  if (file !== undefined) return await readCertificate(readOptionFile("--certificate", file), file);
  return await committedCertificate(tree, environment, now);
}

/** Where reseal gets supplied values: lines of standard input, a person at the terminal, or nowhere. */
async function suppliedBy({
  stdin,
  write,
}: {
  stdin: true | undefined;
  write: true | undefined;
}): Promise<{ supply: Supply; check: () => void }> {
  if (stdin) {
    const values = readValues(await readStandardInput());
    const asked: MissingKey[] = [];
    return {
      supply: async (key) => {
        asked.push(key);
        return values.get(keyName(key));
      },
      check: () => requireKnown(values, asked),
    };
  }
  const supply: Supply = async (key) => {
    if (!write || !isTerminal()) return undefined;
    const question = `${key.hint}\n${keyName(key)} (not shown, Enter leaves it out): `;
    return (await askHidden(question)) || undefined;
  };
  return { supply, check: () => {} };
}
