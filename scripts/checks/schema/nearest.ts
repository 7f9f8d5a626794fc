/**
 * The candidate that a misspelt name most likely stands for: the one with the fewest edits, counting
 * neither case nor `-` and `_`, and no more of them than two fifths of the name's letters. Undefined
 * where none is near.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.floor(name.length * 0.4) + 1;
  for (const candidate of candidates) {
    const edits = distance(normal(name), normal(candidate));
    if (edits >= least || candidate === name) continue;
    least = edits;
    best = candidate;
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours from one word to the other. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replace = at(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = swapped ? at(before, j - 2) + 1 : replace;
      next.push(Math.min(replace, swap, at(row, j) + 1, at(next, j - 1) + 1));
    }
    before = row;
    row = next;
  }
  return at(row, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, "");
}
