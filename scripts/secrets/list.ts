import { readText, type Tree } from "../tree/tree.ts";
import { readCertificate } from "./certificate.ts";
import type { DeclaredKey } from "./declaration.ts";
import { bindingProblem, certificateFile, readSecrets } from "./environment.ts";

/** The secrets of one environment: what is declared, and what of it is sealed. */
export type SecretsList = {
  readonly environment: string;
  /** When the committed certificate runs out, as ISO 8601; undefined where there is none. */
  readonly certificateUntil: string | undefined;
  readonly keys: readonly ListedKey[];
};

/** One key of one Secret. */
type ListedKey = {
  readonly app: string;
  readonly secret: string;
  readonly key: string;
  readonly source: DeclaredKey["kind"] | "undeclared";
  /** `sealed` and `computed` (by its template, in the cluster) are as they should be; `absent` is for optional keys. */
  readonly state: "sealed" | "computed" | "absent" | "missing" | "unusable" | "undeclared";
  /** What a person should know: where to get the value, why a file cannot be used. */
  readonly note?: string;
};

/** Lists every declared key of an environment and every sealed one that nobody declares. */
export async function listSecrets(tree: Tree, environment: string): Promise<SecretsList> {
  const file = certificateFile(environment);
  const text = readText(tree, file);
  const certificate = text === undefined ? undefined : await readCertificate(text, file);
  const keys = readSecrets(tree, environment).flatMap(
    ({ app, namespace, secrets, undeclared }): ListedKey[] => [
      ...secrets.flatMap((state) => {
        const { declared, sealed } = state;
        const problem = bindingProblem(state, namespace);
        const secret = declared.name;
        const encrypted = [...(sealed?.encrypted.keys() ?? [])];
        return [
          ...[...declared.keys].map(([key, source]) => ({
            ...{ app, secret, key, source: source.kind },
            ...stateOf(source, encrypted.includes(key), problem),
          })),
          ...encrypted
            .filter((key) => !declared.keys.has(key))
            .map((key) => ({ app, secret, key, ...nobodys })),
        ];
      }),
      ...undeclared.flatMap(({ name, encrypted }) =>
        [...encrypted.keys()].map((key) => ({ app, secret: name, key, ...nobodys })),
      ),
    ],
  );
  return { environment, certificateUntil: certificate?.notAfter.toISOString(), keys };
}

/** Whether something needs a person: a key without a value, or one that nobody declares. */
export function needsWork({ keys }: SecretsList): boolean {
  return keys.some(({ state }) => ["missing", "unusable", "undeclared"].includes(state));
}

/** The list as a table. */
export function renderList({ environment, certificateUntil, keys }: SecretsList): string {
  const head =
    certificateUntil === undefined
      ? `${environment}: no ${certificateFile(environment)}`
      : `${environment}: certificate valid until ${certificateUntil.slice(0, 10)}`;
  const rows = keys.map(({ app, secret, key, source, state, note }) => [
    `${app}/${secret}/${key}`,
    sources[source],
    note === undefined ? state : `${state}: ${note}`,
  ]);
  const widths = [0, 1].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [
    head,
    ...rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

const nobodys = { source: "undeclared", state: "undeclared" } as const;

const sources = {
  generate: "generated",
  supply: "supplied",
  template: "template",
  undeclared: "-",
} as const;

function stateOf(
  declared: DeclaredKey,
  isSealed: boolean,
  problem: string | undefined,
): Pick<ListedKey, "state" | "note"> {
  if (declared.kind === "template") return { state: "computed" };
  if (isSealed)
    return problem === undefined ? { state: "sealed" } : { state: "unusable", note: problem };
  if (declared.kind === "generate") return { state: "missing" };
  return { state: declared.optional ? "absent" : "missing", note: declared.hint };
}
