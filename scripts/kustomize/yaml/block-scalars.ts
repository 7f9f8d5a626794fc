/**
 * What go-yaml v3 makes of block scalars on kustomize's way: before it prints an object it writes
 * the object in its own style and reads that again, which does not bring every text back.
 */

/** Whether a block of an indentation has a tab where go-yaml wants blanks of it. */
export function hasMisplacedTab(body: string, isGiven: boolean, indent: number): boolean {
  let isKnown = isGiven;
  for (const line of body.split("\n")) {
    const blanks = /^ */.exec(line)?.[0].length ?? 0;
    if (line[blanks] === "\t" && (!isKnown || blanks < indent)) return true;
    isKnown ||= blanks < line.length;
  }
  return false;
}

/** Whether a text in block style cannot be read again once go-yaml has written it. */
export function isLostBlock(text: string): boolean {
  return text.startsWith("\t") && canBeBlock(text);
}

/** A folded text after it was written and read again: breaks come and go around indented lines. */
export function refold(text: string): string {
  if (!text.includes("\n") || !canBeBlock(text)) return text;
  return readFolded(writeFolded(text), chomping(text));
}

/** Otherwise it is written in double quotes, which keep everything. */
function canBeBlock(text: string): boolean {
  return !text.endsWith(" ") && !/ [\n\u0085\u2028\u2029]/.test(text) && !special.test(text);
}

const special = /[^\t\n\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]|\ufeff/;

/** The break that keeps a line apart is written by the look of the whole text's first letter. */
function writeFolded(text: string): string {
  const first = text.replace(/^\n+/, "")[0];
  const separates = first !== " " && first !== "\t" && first !== undefined;
  if (!separates) return text;
  return text.replace(/^(?![ \t])([^\n]+)\n/gm, "$1\n\n");
}

type Chomping = "strip" | "clip" | "keep";

function chomping(text: string): Chomping {
  if (!text.endsWith("\n")) return "strip";
  return text === "\n" || text.endsWith("\n\n") ? "keep" : "clip";
}

function readFolded(written: string, mode: Chomping): string {
  let result = "";
  let wasIndented = false;
  // The break after the line before, and the empty lines since then.
  let lineBreak = "";
  let empty = "";
  const lines = written.split("\n");
  const endsInBreak = lines.at(-1) === "";
  if (endsInBreak) lines.pop();
  for (const [index, line] of lines.entries()) {
    if (line === "") {
      empty += "\n";
      continue;
    }
    const isIndented = line.startsWith(" ") || line.startsWith("\t");
    if (lineBreak !== "" && !wasIndented && !isIndented) result += empty === "" ? " " : "";
    else result += lineBreak;
    result += empty + line;
    empty = "";
    wasIndented = isIndented;
    lineBreak = index < lines.length - 1 || endsInBreak ? "\n" : "";
  }
  if (mode === "strip") return result;
  return result + lineBreak + (mode === "keep" ? empty : "");
}
