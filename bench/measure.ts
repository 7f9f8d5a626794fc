/** One thing to time: what comes before it is not counted. */
export type Case = {
  readonly name: string;
  readonly prepare?: () => void;
  readonly work: () => Promise<void>;
};

export type Timing = {
  readonly name: string;
  /** Milliseconds of each round, ascending. */
  readonly times: readonly number[];
};

/** Times the cases in turns, so that a busy moment of the machine meets all of them. */
export async function measure(cases: readonly Case[], rounds: number): Promise<Timing[]> {
  const times = cases.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { prepare, work }] of cases.entries()) {
      prepare?.();
      const start = performance.now();
      await work();
      times[index]?.push(performance.now() - start);
    }
  }
  return cases.map(({ name }, index) => ({
    name,
    times: (times[index] ?? []).sort((a, b) => a - b),
  }));
}

/** A table of medians, and how many times the first row's median each one takes. */
export function table(timings: readonly Timing[]): string {
  const unit = median(timings[0]?.times ?? []);
  const rows = timings.map(({ name, times }) => [
    name,
    `${median(times).toFixed(0)} ms`,
    `${times.at(0)?.toFixed(0)} to ${times.at(-1)?.toFixed(0)} ms`,
    `${(median(times) / unit).toFixed(2)} ×`,
  ]);
  const all = [["", "median", "range", "ratio"], ...rows];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .join("\n");
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
