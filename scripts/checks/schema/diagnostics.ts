/** One message of the TypeScript compiler about the generated file; lines and columns count from 1. */
export type Diagnostic = {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** Set where the message is about a field that the type does not have. */
  readonly unknownField?: { readonly hint?: string };
};

/** Reads what `tsc --pretty false` prints. Throws an `Error` on anything that is about no place in a file. */
export function parseDiagnostics(output: string): Diagnostic[] {
  const diagnostics: { line: number; column: number; message: string }[] = [];
  for (const text of output.split(/\r?\n/)) {
    const [, line, column, message] = /^\S.*?\((\d+),(\d+)\): error TS\d+: (.*)$/.exec(text) ?? [];
    const last = diagnostics.at(-1);
    if (message !== undefined) {
      diagnostics.push({ line: Number(line), column: Number(column), message });
    } else if (text.startsWith(" ") && last) last.message += `\n${text.trim()}`;
    else if (text !== "") throw new Error(`Cannot read what the TypeScript compiler says: ${text}`);
  }
  return diagnostics.map(withUnknownField);
}

function withUnknownField(diagnostic: Diagnostic): Diagnostic {
  if (!diagnostic.message.includes("Object literal may only specify known properties")) {
    return diagnostic;
  }
  const hint = /Did you mean to write '([^']+)'\?/.exec(diagnostic.message)?.[1];
  return { ...diagnostic, unknownField: hint === undefined ? {} : { hint } };
}
