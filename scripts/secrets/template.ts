/** What a template may refer to: the keys of its own Secret. */
type Keys = Readonly<Record<string, { template?: unknown; optional?: boolean | undefined }>>;

/**
 * What is wrong with the references of a template, or undefined. The controller renders a template as
 * a Go template over the opened values and writes `<no value>` for a name it does not know.
 */
export function unknownReference(template: string, keys: Keys): string | undefined {
  for (const [action = ""] of template.matchAll(/\{\{.*?\}\}/gs)) {
    const names = [...action.matchAll(REFERENCE)].map(([, field, index = ""]) => field ?? index);
    for (const name of names) {
      if (name.includes("-") && !action.includes(`"${name}"`)) {
        return `refers to ".${name}", which Go templates cannot parse: write {{ index . "${name}" }}`;
      }
      const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
      if (key === undefined) return `refers to "${name}": the Secret declares no such key`;
      if (key.template !== undefined) return `refers to "${name}", which is a template itself`;
      if (key.optional) return `refers to "${name}", which is optional and may be absent`;
    }
  }
  return undefined;
}

/** `.name` as a field, or `index . "name"`. */
const REFERENCE = /(?<![\w")])\.(\w[\w-]*)|index\s+\.\s+"([^"]+)"/g;
