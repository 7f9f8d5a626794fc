import type { IEnvVar } from "kubernetes-models/v1/EnvVar";
import type { Path, Resource } from "../scripts/fleet/resource.ts";
import { resourcesOf, title } from "./kinds.ts";
import type { Policy } from "./policy.ts";
import { namesSecret } from "./secret-name.ts";
import { objectsIn, shown, stringMap, stringsIn } from "./values.ts";
import { containersOf } from "./workload.ts";

/** What was once pushed stays readable in every clone. No message here repeats a value. */
export const secretLiteral: Policy = {
  id: "secret-literal",
  severity: "error",
  description: "No secret stands in git as it is",
  help: "Declare the key and seal its value with `slipway secrets`, refer to it with secretKeyRef, and replace a secret that was pushed",
  check(resources, report) {
    for (const resource of resources) {
      for (const violation of inContainers(resource)) report(resource, violation);
    }
    for (const resource of resourcesOf(resources, "ConfigMap")) {
      for (const violation of inConfigMap(resource)) report(resource, violation);
    }
    for (const secret of resourcesOf(resources, "Secret")) {
      for (const field of ["data", "stringData"] as const) {
        if (Object.keys(secret.manifest[field] ?? {}).length === 0) continue;
        report(secret, {
          path: [field],
          message: `${title(secret.manifest)} is in git with its values`,
        });
      }
    }
  },
};

type Violation = { readonly path: Path; readonly message: string };

function* inContainers(resource: Resource): Generator<Violation> {
  for (const { container, title, path } of containersOf(resource)) {
    for (const [index, { name, value }] of objectsIn<IEnvVar>(container.env)) {
      const found = secretIn(shown(name), value);
      if (!found) continue;
      yield {
        path: [...path, "env", index, "value"],
        message: `${title} sets "${shown(name)}" to ${found}`,
      };
    }
    for (const field of ["command", "args"] as const) {
      for (const [index, argument] of stringsIn(container[field])) {
        const [, flag = "", value = ""] = /^--?([\w.-]+)=(.*)$/s.exec(argument) ?? [];
        const found = secretIn(flag, value) ?? looksLike(argument);
        if (!found) continue;
        yield { path: [...path, field, index], message: `${title} is started with ${found}` };
      }
    }
  }
}

function* inConfigMap({ manifest }: Resource): Generator<Violation> {
  for (const [name, value] of Object.entries(stringMap(manifest.data))) {
    const found = secretIn(name, value);
    if (!found) continue;
    yield { path: ["data", name], message: `${title(manifest)} sets "${name}" to ${found}` };
  }
}

function secretIn(name: string, value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  return (
    looksLike(value) ?? (namesSecret(name) && isLiteral(name, value) ? "a literal" : undefined)
  );
}

/** A switch and a reference to another variable are no secrets; a number is one as a password. */
function isLiteral(name: string, value: string): boolean {
  if (/^\s*$|\$[({]|^(true|false|yes|no|on|off|none|null)$/i.test(value)) return false;
  return !/^\d+(\.\d+)?$/.test(value) || /pass|pwd/i.test(name);
}

function looksLike(value: string): string | undefined {
  return shapes.find(([, shape]) => shape.test(value))?.[0];
}

/** Secrets that show their shape. */
const shapes: readonly (readonly [string, RegExp])[] = [
  ["a private key", /-{3,5}BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-{3,5}/],
  ["a JSON Web Token", /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/],
  ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a Google API key", /\bAIza[\w-]{35}\b/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{60,})/],
  ["a Hugging Face token", /\bhf_[A-Za-z0-9]{30,}\b/],
  ["a Slack token", /\bxox[abprs]-[\w-]{10,}/],
  [
    "a URL with a password",
    /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@"'<>{}$%]{0,99}:[^\s/:@"'<>{}$%]{1,99}@[\w[]/i,
  ],
];
