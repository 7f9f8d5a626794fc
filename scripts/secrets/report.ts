import type { MissingKey, SecretsPlan } from "./plan.ts";

/** `llm-runner-router/llm-runner-secrets/jwt-secret`: how every text names a key. */
export function keyName({ app, secret, key }: Pick<MissingKey, "app" | "secret" | "key">): string {
  return [app, secret, key].join("/");
}

/** The plan as a person reads it before agreeing: files, keys and what happens to them. */
export function renderPlan({ summary, writes, files, missing, notes }: SecretsPlan): string {
  const lines = writes.flatMap(({ file }) => {
    const actions = files.find((change) => change.file === file)?.actions ?? new Map();
    const changed = [...actions].filter(([, action]) => action !== "keep");
    return [file, ...changed.map(([key, action]) => `  ${action.padEnd(8)}  ${key}`)];
  });
  return [
    `${summary}${lines.length > 0 ? ":" : ""}`,
    ...lines,
    ...section(
      "Still to be supplied:",
      missing.map((key) => `  ${keyName(key)}${key.optional ? " (optional)" : ""}: ${key.hint}`),
    ),
    ...section(
      "Note:",
      notes.map((note) => `  ${note}`),
    ),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** Whether a value is missing that the app cannot do without. */
export function isIncomplete({ missing }: SecretsPlan): boolean {
  return missing.some(({ optional }) => !optional);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}
