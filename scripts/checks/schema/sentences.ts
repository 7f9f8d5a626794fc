import {
  formatPath,
  type Manifest,
  type Path,
  type Resource,
  resourceId,
} from "../../fleet/resource.ts";
import type { ValueError } from "../../tools/schemas/validator.ts";
import type { Finding } from "../finding.ts";
import { expectation } from "./expectation.ts";
import { nearest } from "./nearest.ts";
import { pathOf, valueAt } from "./pointer.ts";

/** The fields that a schema knows at a path; undefined where it cannot say. */
export type FieldsAt = (path: Path) => readonly string[] | undefined;

/** A field that its object does not have; `hint` is the name it was probably meant to be. */
export function unknownField(resource: Resource, path: Path, hint: string | undefined): Finding {
  const name = String(path.at(-1));
  const parent = formatPath(path.slice(0, -1)) || resource.manifest.kind;
  const message = `Unknown field "${name}" in "${parent}"`;
  return finding(resource, path, {
    rule: "schema-unknown-field",
    message: hint === undefined ? message : `${message}: did you mean "${hint}"?`,
    help:
      hint === undefined
        ? `Remove it, or write the field that was meant: \`kubectl explain ${explainable(resource.manifest, path)}\` lists them`
        : `Rename it to "${hint}"`,
  });
}

/** What a validator found in one object, one finding for each place. */
export function explain(
  errors: readonly ValueError[],
  resource: Resource,
  fieldsAt: FieldsAt = () => undefined,
): Finding[] {
  const findings: Finding[] = [];
  const wrong = new Map<string, ValueError[]>();
  for (const error of errors) {
    const { instancePath, keyword, params } = error;
    const path = pathOf(instancePath, resource.manifest);
    if (keyword === "required") {
      findings.push(missingField(resource, [...path, String(params.missingProperty)]));
    } else if (keyword === "additionalProperties") {
      const name = String(params.additionalProperty);
      const hint = nearest(name, fieldsAt(path) ?? []);
      findings.push(unknownField(resource, [...path, name], hint));
    } else {
      wrong.set(instancePath, [...(wrong.get(instancePath) ?? []), error]);
    }
  }
  for (const [pointer, group] of wrong) {
    findings.push(wrongValue(resource, pathOf(pointer, resource.manifest), group));
  }
  return findings;
}

function missingField(resource: Resource, path: Path): Finding {
  const parent = formatPath(path.slice(0, -1)) || resource.manifest.kind;
  return finding(resource, path, {
    rule: "schema-missing-field",
    message: `Missing field "${path.at(-1)}" in "${parent}"`,
    help: `Add it: \`kubectl explain ${explainable(resource.manifest, path)}\` says what it holds`,
  });
}

function wrongValue(resource: Resource, path: Path, errors: readonly ValueError[]): Finding {
  // What a Secret holds is not for a log.
  const value = resource.manifest.kind === "Secret" ? undefined : valueAt(resource.manifest, path);
  const { must, help } = expectation(errors, value);
  const actual = value === undefined ? "" : `: it is ${show(value)}`;
  return finding(resource, path, {
    rule: "schema-invalid-value",
    message: `"${formatPath(path) || resource.manifest.kind}" must ${must}${actual}`,
    ...(help !== undefined && { help }),
  });
}

function finding(
  resource: Resource,
  path: Path,
  what: Pick<Finding, "rule" | "message" | "help">,
): Finding {
  return {
    ...what,
    severity: "error",
    place: resource.placeOf(path),
    target: resource.target,
    resource: resourceId(resource.manifest),
    path: formatPath(path),
  };
}

/** `deployment.spec.template`: how `kubectl explain` names the field around a path. */
function explainable({ kind }: Manifest, path: Path): string {
  return [kind.toLowerCase(), ...path.slice(0, -1).filter((part) => typeof part === "string")].join(
    ".",
  );
}

function show(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a mapping";
  const text = JSON.stringify(value);
  const short = text.length > 60 ? `${text.slice(0, 57)}…"` : text;
  return typeof value === "string" ? `the string ${short}` : short;
}
