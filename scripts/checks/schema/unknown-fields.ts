import type { Path } from "../../fleet/resource.ts";
import { type Diagnostic, parseDiagnostics } from "./diagnostics.ts";
import { editKey, pathAt, printShape, type Shape, scalar } from "./shape.ts";

/** An object, and the module that exports the interface of its kind. */
export type TypedObject = { readonly model: string; readonly object: object };

/** A field that no type knows, and the name that was probably meant. */
export type UnknownField = { readonly path: Path; readonly hint?: string };

/** Type-checks a source file; returns the compiler's output. */
export type Compile = (source: string) => Promise<string>;

type Job = TypedObject & {
  readonly edits: Map<string, "omit" | "mute">;
  readonly found: UnknownField[];
};

/**
 * The unknown fields of each object, from a few runs of the compiler over all of them: it names one
 * unknown field of a literal at a time, so what it named is left out and the objects concerned are
 * compiled again. What else it says, such as a missing field or a list instead of a mapping, is the
 * validators' work: that value is made to fit, so that it hides nothing.
 */
export async function findUnknownFields(
  objects: readonly TypedObject[],
  compile: Compile,
): Promise<UnknownField[][]> {
  const jobs: Job[] = objects.map((one) => ({ ...one, edits: new Map(), found: [] }));
  let pending = jobs;
  for (let round = 0; pending.length > 0 && round < mostRounds; round++) {
    const shapes = pending.map(({ object, edits }) => printShape(object, edits));
    const diagnostics = parseDiagnostics(await compile(generate(pending, shapes)));
    const concerned = new Set<Job>();
    for (const diagnostic of diagnostics) {
      const { index, path } = locate(diagnostic, shapes);
      const job = pending[index];
      if (job === undefined) throw new Error(`Cannot compile the types: ${diagnostic.message}`);
      if (note(job, path, diagnostic)) concerned.add(job);
    }
    pending = [...concerned];
  }
  return jobs.map(({ found }) => found);
}

/** Two lines for each object, the literal on the second, then the imports. */
function generate(jobs: readonly Job[], shapes: readonly Shape[]): string {
  const models = [...new Set(jobs.map(({ model }) => model))];
  const constants = jobs.map(
    ({ model }, index) =>
      `export const r${index}: K${models.indexOf(model)} =\n${shapes[index]?.text};`,
  );
  const imports = models.map((model, index) => {
    const kind = model.slice(model.lastIndexOf("/") + 1);
    return `import type { I${kind} as K${index} } from "${model}";`;
  });
  return [...constants, `declare const ${scalar}: any;`, ...imports, ""].join("\n");
}

/** The object a diagnostic is about, and the path in it; the root's where it is about the whole object. */
function locate(
  { line, column }: Diagnostic,
  shapes: readonly Shape[],
): { index: number; path: Path } {
  const index = Math.floor((line - 1) / 2);
  const shape = shapes[index];
  const isLiteral = line % 2 === 0 && shape !== undefined;
  return { index, path: isLiteral ? pathAt(shape, column - 1) : [] };
}

/** Keeps what a diagnostic says; true where the object has to be compiled again. */
function note({ edits, found }: Job, path: Path, { unknownField }: Diagnostic): boolean {
  const key = editKey(path);
  if (edits.has(key)) return false;
  if (unknownField) found.push({ path, ...unknownField });
  edits.set(key, unknownField ? "omit" : "mute");
  // An error about the whole object comes last: what it is made of has been found right.
  return path.length > 0;
}

// More than anybody has misspelt in one mapping; what is left is found once these are corrected.
const mostRounds = 12;
