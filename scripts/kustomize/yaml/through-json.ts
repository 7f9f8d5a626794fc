/**
 * A text after kustomize wrote it as JSON and read that as YAML 1.1: undefined where YAML forbids
 * one of its characters. YAML 1.1 takes U+0085 for a line break, so it folds as one.
 */
export function throughJson(text: string): string | undefined {
  if (!/[\x7F-\x9F\uFFFE\uFFFF]/.test(text)) return text;
  if (/[\x7F-\x84\x86-\x9F\uFFFE\uFFFF]/.test(text)) return undefined;
  return text.replace(/ *\u0085[ \u0085]*/g, (run) => {
    const breaks = run.replaceAll(" ", "").length;
    return breaks === 1 ? " " : "\n".repeat(breaks - 1);
  });
}
