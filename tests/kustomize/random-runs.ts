/**
 * How many random cases a test tries and from which seed, the same ones every time. For a long run of others:
 * RANDOM_RUNS=20000 RANDOM_SEED=$RANDOM npm run -s unit -- tests/kustomize/random.test.ts
 */
export function randomRuns(usual: number): { readonly numRuns: number; readonly seed: number } {
  return {
    numRuns: Number(process.env.RANDOM_RUNS ?? usual),
    seed: Number(process.env.RANDOM_SEED ?? 1),
  };
}
