import { resolvePlain } from "./resolve.ts";

export type Style = "plain" | "single" | "double" | "literal";

/** The style that go-yaml v2 prints a text in. */
export function styleOf(text: string): Style {
  if (isOrdinary(text)) return "plain";
  if (text.includes("\n")) {
    return text.endsWith(" ") || special.test(text) || blankBeforeBreak.test(text)
      ? "double"
      : "literal";
  }
  if (isWord(text) || isBase60(text)) return "double";
  if (special.test(text)) return "double";
  if (wideBreak.test(text)) {
    return blankBeforeBreak.test(text) || breakBeforeBlank.test(text) ? "double" : "single";
  }
  return indicators.test(text) ? "single" : "plain";
}

/** Names, paths, images: no letter in them can mean anything, if they are none of YAML's words. */
export function isOrdinary(text: string): boolean {
  return ordinary.test(text) && (text.length > 5 || !isWord(text));
}

const ordinary = /^[A-Za-z_/$][\w/.$(){}=+@-]*(?::[\w/.@-]+)*$/;

/** What the printer does not take for printable: a tab, and everything beyond the basic plane. */
const special = /[^\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]|\ufeff/;
const wideBreak = /[\u2028\u2029]/;
const blankBeforeBreak = / [\n\u2028\u2029]/;
const breakBeforeBlank = /[\u2028\u2029] /;
const indicators = /^(?:---|\.\.\.| |[#,[\]{}&*!|>'"%@`]|[-?:](?: |$))|:(?: |$)| #| $/;

function isWord(text: string): boolean {
  return resolvePlain(text, "v2") !== "string";
}

/** YAML 1.1's numbers of base 60, such as `1:30`, get quotes though go-yaml does not read them. */
function isBase60(text: string): boolean {
  return /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text);
}
