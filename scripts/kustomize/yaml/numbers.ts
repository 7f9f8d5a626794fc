import { parseInteger } from "./resolve.ts";

/** An integer in decimal digits, however it was written. */
export function printedInteger(text: string): string {
  return shortDecimal.test(text) ? text : String(parseInteger(text) ?? text);
}

/**
 * A float as kustomize prints it: JSON drops the point of a whole number, so `1e3` becomes `1000`;
 * undefined for infinity and what is not a number.
 */
export function printedFloat(text: string): string | undefined {
  const value = parseFloatText(text);
  if (!Number.isFinite(value)) return undefined;
  const shortest = String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e21) {
    const integer = BigInt(shortest);
    if (integer >= -(2n ** 63n) && integer < 2n ** 64n) return String(integer);
  }
  return goShortest(value);
}

/** A float's value; infinite or NaN for `.inf` and `.nan`. */
export function parseFloatText(text: string): number {
  const lower = text.toLowerCase();
  if (lower.endsWith(".inf")) return text.startsWith("-") ? -Infinity : Infinity;
  return lower === ".nan" ? Number.NaN : Number(text.replaceAll("_", ""));
}

/** The value of a boolean, of YAML 1.1's words too. */
export function parseBoolean(text: string): boolean {
  return /^(?:true|y|yes|on)$/i.test(text);
}

const shortDecimal = /^(?:0|-?[1-9][0-9]{0,17})$/;

/** Go's `%g` with the fewest digits: an exponent of two digits below 1e-4 and from 1e6 on. */
export function goShortest(value: number): string {
  const [, mantissa = "", sign = "", digits = ""] =
    /^(.*)e([-+])(\d+)$/.exec(value.toExponential()) ?? [];
  const exponent = Number(sign + digits);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${mantissa}e${sign}${digits.padStart(2, "0")}`;
}
