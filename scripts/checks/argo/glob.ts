/**
 * Whether a text matches a pattern of an AppProject, as Argo CD's glob does: `*` stays between
 * separators, `**` crosses them; `?`, `[a-z]`, `{a,b}`.
 */
export function globMatches(pattern: string, value: string, separator = ""): boolean {
  return pattern === "*" || compile(pattern, separator).test(value);
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
  return depth === 0 ? new RegExp(`^${source.join("")}$`, "s") : /$^/;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
