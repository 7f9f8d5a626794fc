type Policy = { readonly type: string; readonly value: number; readonly periodSeconds: number };

/** One direction of an autoscaler's behaviour. */
export type Rates = {
  readonly stabilizationWindowSeconds: number;
  readonly selectPolicy: string;
  readonly policies: readonly Policy[];
};

/** The most pods that policies let a fleet have, or the fewest, every 15 s, as the autoscaler reckons where `Min` selects. */
export function limits(
  { policies }: Rates,
  start: number,
  seconds: number,
  sign: 1 | -1,
): number[] {
  const history = [start];
  for (let now = 15; now <= seconds; now += 15) {
    const proposals = policies.map(({ type, value, periodSeconds }) => {
      const before = history[Math.max(0, (now - periodSeconds) / 15)] ?? start;
      if (type === "Pods") return before + sign * value;
      const share = before * (1 + (sign * value) / 100);
      return sign > 0 ? Math.ceil(share) : Math.floor(share);
    });
    const last = history.at(-1) ?? start;
    const chosen = sign > 0 ? Math.min(...proposals) : Math.max(...proposals);
    history.push(sign > 0 ? Math.max(last, chosen) : Math.min(last, chosen));
  }
  return history;
}
