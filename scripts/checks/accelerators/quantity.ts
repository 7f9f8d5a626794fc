/** A Kubernetes quantity as a number of its unit: `500m` is 0.5, `4Gi` is 4 × 2^30. Not a number where it is none. */
export function amount(quantity: unknown): number {
  const [, digits, suffix = ""] = /^([\d.]+)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
  const factor = factors[suffix];
  return digits === undefined || factor === undefined ? Number.NaN : Number(digits) * factor;
}

const factors: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};
