/**
 * Where each unit of a scalar's decoded text stands in the source that it is written in: a function
 * from offsets of the text to offsets of the source. `start` is where the scalar begins there, quote
 * or block header included. Where the two cannot be matched, the last place that could holds.
 */
export function alignText(text: string, source: string, start: number): (offset: number) => number {
  const first = source[start];
  const offsets =
    first === "|" || first === ">"
      ? alignBlock(text, source, start)
      : alignFlow(text, source, start, first === '"' || first === "'" ? first : "");
  return (offset) => offsets[Math.max(0, Math.min(offset, text.length))] ?? start;
}

/** Line by line: blanks of the indentation are not text, and a folded break shows as a blank. */
function alignBlock(text: string, source: string, start: number): readonly number[] {
  const offsets: number[] = [];
  let from = source.indexOf("\n", start) + 1;
  const indent = blockIndent(text, source, from);
  const skipIndent = (): void => {
    for (let skipped = 0; skipped < indent && source[from] === " "; skipped += 1) from += 1;
  };
  skipIndent();
  for (const unit of text) {
    // A fold leaves out one break of several, so a break may wait for a unit after it.
    while (source[from] === "\r" || (source[from] === "\n" && unit !== "\n" && unit !== " ")) {
      from += 1;
      if (source[from - 1] === "\n") skipIndent();
    }
    for (let at = 0; at < unit.length; at += 1) offsets.push(from + at);
    const isBreak = source[from] === "\n";
    // A break more than the source has was made by folding.
    if (from >= source.length || (unit === "\n" && !isBreak)) continue;
    from += isBreak ? 1 : unit.length;
    if (isBreak) skipIndent();
  }
  offsets.push(from);
  return offsets;
}

/** The indentation of a block, from its first line that is not blank and the text's own. */
function blockIndent(text: string, source: string, start: number): number {
  const written = /^ */.exec(source.slice(start).replace(/^(?:[ \t]*\r?\n)+/, ""))?.[0].length ?? 0;
  const kept = /^ */.exec(text.replace(/^(?:[ \t]*\n)+/, ""))?.[0].length ?? 0;
  return Math.max(0, written - kept);
}

function alignFlow(text: string, source: string, start: number, quote: string): readonly number[] {
  const offsets: number[] = [];
  let from = start + quote.length;
  let at = 0;
  while (at < text.length) {
    const rest = /[ \t]*(?:\r?\n[ \t]*)+/y;
    rest.lastIndex = from;
    const [fold] = rest.exec(source) ?? [];
    if (fold !== undefined) {
      const breaks = fold.split("\n").length - 1;
      const units = breaks > 1 ? breaks - 1 : 1;
      for (let unit = 0; unit < units; unit += 1) offsets.push(from);
      at += units;
      from += fold.length;
      continue;
    }
    const [units, width] = step(source, from, quote);
    for (let unit = 0; unit < units; unit += 1) offsets.push(from);
    at += units;
    from += width;
  }
  offsets.push(from);
  return offsets;
}

/** How many units of text the source holds at a spot, and how many units of source they take. */
function step(source: string, at: number, quote: string): readonly [number, number] {
  if (quote === "'" && source.startsWith("''", at)) return [1, 2];
  if (quote !== '"' || source[at] !== "\\") return [1, 1];
  const code = source[at + 1];
  if (code === "\n" || code === "\r") {
    const [joined = ""] = /^\\\r?\n[ \t]*/.exec(source.slice(at)) ?? [];
    return [0, joined.length];
  }
  if (code === "x") return [1, 4];
  if (code === "u") return [1, 6];
  if (code === "U") return [source.slice(at + 2, at + 10) > "0000FFFF" ? 2 : 1, 10];
  return [1, 2];
}
