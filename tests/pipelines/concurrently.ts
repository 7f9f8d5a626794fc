/** Runs work over items, a few at a time, as concurrent clients would. */
export async function concurrently<Item, Result>(
  items: readonly Item[],
  clients: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (const [index, item] of waiting) results[index] = await work(item);
    }),
  );
  return results;
}
