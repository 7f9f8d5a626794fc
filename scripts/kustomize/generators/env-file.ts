import { BuildError } from "../build-error.ts";
import type { Loaded } from "../loader.ts";
import type { Mark } from "../node/origin.ts";

/** One line of an env file; the mark is where its value begins. */
export type EnvLine = { readonly key: string; readonly value: string; readonly mark: Mark };

/**
 * The lines `KEY=value` of an env file. White space before the key, blank lines and lines that begin
 * with `#` are skipped; everything behind the first `=` is the value, quotes and blanks included.
 */
export function readEnvFile({ file, bytes, text: source }: Loaded): readonly EnvLine[] {
  if (source === undefined) throw notText(file, bytes);
  const lines: EnvLine[] = [];
  let offset = source.text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  while (offset < source.text.length) {
    const next = source.text.indexOf("\n", offset);
    const end = next < 0 ? source.text.length : next;
    const mark = { source, offset };
    const line = source.text.slice(offset, end);
    if (isTooLong(line)) throw tooLong(mark);
    const found = readLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    if (found) {
      const { key, value, start } = found;
      lines.push({ key, value, mark: { source, offset: offset + start } });
    }
    offset = end + 1;
  }
  return lines;
}

const BYTE_ORDER_MARK = "\uFEFF";

/** What Go calls white space, which is not quite what JavaScript does. */
const leadingSpace = /^[\t\n\v\f\r \u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]*/;

/** Key and value, and where the value begins. */
function readLine(line: string): { key: string; value: string; start: number } | undefined {
  const start = leadingSpace.exec(line)?.[0].length ?? 0;
  if (start === line.length || line[start] === "#") return undefined;
  const equals = line.indexOf("=", start);
  if (equals === start) return undefined;
  if (equals < 0) return { key: line.slice(start), value: "", start: line.length };
  return { key: line.slice(start, equals), value: line.slice(equals + 1), start: equals + 1 };
}

/** Kustomize reads an env file through a buffer of 64 KiB and leaves out all from the first line that does not fit. */
function isTooLong(line: string): boolean {
  const limit = 65_536;
  return line.length * 3 >= limit && new TextEncoder().encode(line).length >= limit;
}

function tooLong(mark: Mark): BuildError {
  return new BuildError(
    "Cannot read a line of 64 KiB or more in an env file, as Kustomize would leave out it and all that follows: give it by `files` instead",
    { mark },
  );
}

function notText(file: string, bytes: Uint8Array): BuildError {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  for (let from = 0; from <= bytes.length; line++) {
    const next = bytes.indexOf(10, from);
    const end = next < 0 ? bytes.length : next;
    try {
      decoder.decode(bytes.subarray(from, end));
    } catch {
      break;
    }
    from = end + 1;
  }
  return new BuildError(
    `Cannot read "${file}" as an env file: line ${line} is not UTF-8; give the file by \`files\` instead`,
    { file },
  );
}
