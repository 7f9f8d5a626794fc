/** How many chips a topology has, as Termite's operator counts: one that is not of two numbers has 4. */
export function chipsOf(topology: string): number {
  const [, rows, columns] = /^(\d+)x(\d+)$/.exec(topology) ?? [];
  return rows === undefined ? 4 : Number(rows) * Number(columns);
}
