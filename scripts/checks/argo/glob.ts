/**
 * Whether a text matches a pattern of an AppProject, as Argo CD's glob does: `*` stays between
 * separators, `**` crosses them; `?`, `[a-z]`, `{a,b}`.
 */
export function globMatches(pattern: string, value: string, separator = ""): boolean {
  if (pattern === "*") return true;
  // Nearly every pattern is a name.
  if (!/[*?[{},\\]/.test(pattern)) return pattern === value;
  return once(globs, `${separator} ${pattern}`, () => compile(pattern, separator)).test(value);
}

/** Whether a text matches a pattern that may start with `!`; such a pattern matches what it does not name. */
export function patternMatches(pattern: string, value: string, separator = ""): boolean {
  return isDenial(pattern)
    ? !globMatches(pattern.slice(1), value, separator)
    : globMatches(pattern, value, separator);
}

/** Whether a pattern forbids: it starts with `!`. */
export function isDenial(pattern: string): boolean {
  return pattern.startsWith("!");
}

/**
 * Whether a text matches a pattern of a project's list of kinds, for which Argo CD takes Go's
 * `filepath.Match`: `*` and `?` stay between slashes; `[a-z]`, `[^a-z]`; braces mean themselves.
 */
export function fileMatches(pattern: string, value: string): boolean {
  // Nearly every pattern is a name.
  if (!/[*?[\\]/.test(pattern)) return pattern === value;
  return once(filePatterns, pattern, () => compileFile(pattern)).test(value);
}

const globs = new Map<string, RegExp>();
const filePatterns = new Map<string, RegExp>();

function once(known: Map<string, RegExp>, key: string, make: () => RegExp): RegExp {
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}

function compileFile(pattern: string): RegExp {
  const tokens = pattern.match(/\\.|\[\^?(?:\\.|[^\]\\])+\]|./gs) ?? [];
  // A pattern that Go cannot read matches nothing.
  if (tokens.some((token) => token === "[" || token === "\\")) return nothing;
  const source = tokens.map((token) => {
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    return token.startsWith("[") ? token : literal(token.replace(/^\\(.)$/s, "$1"));
  });
  return new RegExp(`^${source.join("")}$`, "s");
}

function compile(pattern: string, separator: string): RegExp {
  const one = separator === "" ? "." : `[^${separator}]`;
  let depth = 0;
  const source = (pattern.match(/\\.|\*\*|\[!?[^\]]+\]|./gs) ?? []).map((token) => {
    if (token === "**") return ".*";
    if (token === "*") return `${one}*`;
    if (token === "?") return one;
    if (token.startsWith("[") && token.length > 1) return token.replace("[!", "[^");
    if (token === "{") {
      depth += 1;
      return "(?:";
    }
    if (token === "}" && depth > 0) {
      depth -= 1;
      return ")";
    }
    if (token === "," && depth > 0) return "|";
    return literal(token.replace(/^\\(.)$/s, "$1"));
  });
  // A pattern that Argo CD cannot compile matches nothing.
  return depth === 0 ? new RegExp(`^${source.join("")}$`, "s") : nothing;
}

const nothing = /$^/;

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
