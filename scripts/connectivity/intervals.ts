/** Whole numbers from the first to the last, both included. */
export type Interval = { readonly first: number; readonly last: number };

/** A set of whole numbers: intervals in ascending order that do not touch. */
export type Intervals = readonly Interval[];

/** The numbers of any of these intervals, in whatever order they come. */
export function union(intervals: Intervals): Intervals {
  const merged: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (previous === undefined || next.first > previous.last + 1) merged.push(next);
    else merged.splice(-1, 1, { ...previous, last: Math.max(previous.last, next.last) });
  }
  return merged;
}

/** The numbers that are in both sets. */
export function intersection(left: Intervals, right: Intervals): Intervals {
  return left.flatMap((a) =>
    right
      .map((b) => ({ first: Math.max(a.first, b.first), last: Math.min(a.last, b.last) }))
      .filter(({ first, last }) => first <= last),
  );
}

/** The numbers of the first set that are not in the second. */
export function difference(left: Intervals, right: Intervals): Intervals {
  return right.reduce<Intervals>(
    (rest, { first, last }) =>
      rest.flatMap((interval) =>
        [
          { first: interval.first, last: Math.min(interval.last, first - 1) },
          { first: Math.max(interval.first, last + 1), last: interval.last },
        ].filter((part) => part.first <= part.last),
      ),
    left,
  );
}
