/** A text in parts: what stays as it is, and the names of vars. */
export type Part = string | { readonly name: string };

/**
 * Splits a text at its vars, by the rules that Kubernetes has for the arguments of containers:
 * `$(NAME)` is a var, `$$` is a dollar sign, and any other dollar sign stays.
 */
export function parseVars(text: string): readonly Part[] {
  if (!text.includes("$")) return [text];
  const parts: Part[] = [];
  let plain = "";
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== "$" || at + 1 === text.length) {
      plain += text[at];
    } else if (text[at + 1] === "$") {
      plain += "$";
      at++;
    } else {
      const close = text[at + 1] === "(" ? text.indexOf(")", at) : -1;
      if (close < 0) {
        plain += `$${text[at + 1]}`;
        at++;
      } else {
        parts.push(plain, { name: text.slice(at + 2, close) });
        plain = "";
        at = close;
      }
    }
  }
  return [...parts, plain].filter((part) => part !== "");
}
