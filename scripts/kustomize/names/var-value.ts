import { BuildError } from "../build-error.ts";
import type { Mapping, Node, Scalar, ScalarType } from "../node/node.ts";
import { describe } from "../resource/identity.ts";
import type { Resource } from "../resource/resource.ts";
import { currentId } from "../resource/resource.ts";
import { lookUp, splitFieldPath } from "../transformers/field-path.ts";
import { goShortest } from "../yaml/numbers.ts";
import type { Var } from "./vars.ts";

/** What a var stands for. */
export type VarValue = {
  readonly type: ScalarType;
  /** Where the var is all that a field holds, which then takes its type. */
  readonly alone: string;
  /** Where the var is in the middle of a text: a float may have an exponent. */
  readonly within: string;
  readonly node: Scalar;
};

/** The value of a var; undefined for a mapping or a list, for which Kustomize leaves the var in place. */
export function readVarValue(entry: Var, resource: Resource): VarValue | undefined {
  const node = follow(resource.object, entry.fieldPath);
  if (node === undefined) {
    throw new BuildError(
      `The var "${entry.name}" is the field "${entry.fieldPath}" of ${describe(currentId(resource))}, which has no such field`,
      { mark: entry.mark },
    );
  }
  if (node.kind !== "scalar") return undefined;
  if (node.type === "integer") return { node, type: "integer", ...decimal(entry, node) };
  if (node.type === "float") return { node, type: "float", ...float(entry, node) };
  const text = node.type === "boolean" ? node.text.toLowerCase() : node.text;
  const type = node.type === "boolean" ? "boolean" : "string";
  return { node, type, alone: text, within: text };
}

/** The value at a path such as `spec.ports[0].port`, `data.[a.b]`, `spec.containers.[name=web].image`. */
function follow(object: Mapping, path: string): Node | undefined {
  const parts = splitFieldPath(path).flatMap((part) => {
    const [, name = "", index = ""] = /^(.*)\[(\d+)\]$/.exec(part) ?? [];
    return index === "" ? [part] : [name, index];
  });
  try {
    return lookUp(object, parts);
  } catch (error) {
    // A path that takes a text for a mapping leads nowhere, too.
    if (error instanceof BuildError) return undefined;
    throw error;
  }
}

/** Kustomize reads a number from its digits alone, so an octal or hexadecimal one is a mistake or another number. */
function decimal(entry: Var, { text, origin }: Scalar): Pick<VarValue, "alone" | "within"> {
  if (!/^[-+]?\d+$/.test(text)) throw unreadable(entry, text, origin.mark);
  const digits = BigInt(text.replace("+", "")).toString();
  return { alone: digits, within: digits };
}

function float(entry: Var, { text, origin }: Scalar): Pick<VarValue, "alone" | "within"> {
  const value = Number(text);
  if (!Number.isFinite(value)) throw unreadable(entry, text, origin.mark);
  return { alone: withoutExponent(value), within: goShortest(value) };
}

function withoutExponent(value: number): string {
  const [digits = "", exponent] = String(value).split("e");
  if (exponent === undefined) return digits;
  const [whole = "", fraction = ""] = digits.replace("-", "").split(".");
  const shift = Number(exponent);
  const text =
    shift < 0
      ? `0.${"0".repeat(-shift - whole.length)}${whole}${fraction}`
      : `${whole}${fraction.padEnd(shift, "0")}`;
  return value < 0 ? `-${text}` : text;
}

function unreadable(entry: Var, text: string, mark: Scalar["origin"]["mark"]): BuildError {
  return new BuildError(
    `Cannot take the number "${text}" as the value of the var "${entry.name}": write it in plain decimal digits`,
    { mark: mark ?? entry.mark },
  );
}
