import fc from "fast-check";
import { objectSeed } from "./objects.ts";

type Value<A> = A extends fc.Arbitrary<infer T> ? T : never;

/** A field that is there once in so many times, and shrinks away. */
const sometimes = <T>(arbitrary: fc.Arbitrary<T>, one: number): fc.Arbitrary<T | undefined> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: one - 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary },
  );
const some = <T>(arbitrary: fc.Arbitrary<T>, most: number, one = 3): fc.Arbitrary<T[]> =>
  fc.oneof(
    { withCrossShrink: true },
    { weight: one - 1, arbitrary: fc.constant<T[]>([]) },
    { weight: 1, arbitrary: fc.array(arbitrary, { minLength: 1, maxLength: most }) },
  );
const pick = fc.nat(30);
const flags = fc.nat(255);

const pairs = fc.dictionary(
  fc.constantFrom("app", "tier", "example.com/team", "version"),
  fc.constantFrom("a", "b-c", "1", "true", "", "null", "x y"),
  { minKeys: 1, maxKeys: 2 },
);

const patch = fc.record({
  target: pick,
  /** Which of the ways to write it: beside the file name or inline, strategic merge or JSON. */
  form: fc.nat(5),
  edits: fc.array(fc.nat(23), { minLength: 1, maxLength: 3 }),
  /** How the target is selected. */
  selector: fc.nat(7),
  options: fc.nat(7),
});

const generator = fc.record({
  secret: fc.boolean(),
  name: fc.nat(5),
  namespace: fc.nat(9),
  /** Merges with or replaces what a layer below generated, where there is such a thing. */
  behavior: fc.nat(3),
  literals: fc.array(
    fc.constantFrom(
      "a=1",
      "b=two words",
      'c="quoted"',
      "d='single'",
      "e=x=y",
      "f=",
      "g=line\\n",
      "password=p",
    ),
    { maxLength: 3 },
  ),
  files: fc.array(fc.nat(4), { maxLength: 2 }),
  envs: fc.nat(3),
  options: fc.nat(63),
  type: fc.boolean(),
});

const replacement = fc.record({
  source: pick,
  field: fc.nat(5),
  target: pick,
  paths: fc.array(fc.nat(9), { minLength: 1, maxLength: 2 }),
  options: fc.nat(63),
  inFile: fc.boolean(),
});

const layerSeed = fc.record({
  component: fc.boolean(),
  objects: fc.array(objectSeed, { maxLength: 5 }),
  /** Which layers below it takes, beside those that nobody took. */
  below: fc.nat(15),
  namespace: sometimes(fc.constantFrom("apps", "team-a"), 3),
  namePrefix: sometimes(fc.constantFrom("dev-", "p1-", "x"), 3),
  nameSuffix: sometimes(fc.constantFrom("-v2", "-blue"), 5),
  labels: some(fc.record({ pairs, flags, extra: sometimes(fc.nat(3), 8) }), 2),
  commonLabels: sometimes(pairs, 6),
  commonAnnotations: sometimes(pairs, 4),
  images: some(fc.record({ image: pick, name: fc.nat(6), flags }), 2),
  replicas: some(fc.record({ target: pick, count: fc.nat(4) }), 2, 4),
  patches: some(patch, 3, 2),
  patchesStrategicMerge: some(patch, 2, 6),
  patchesJson6902: some(patch, 2, 8),
  generators: some(generator, 2),
  generatorOptions: sometimes(fc.nat(31), 5),
  replacements: some(replacement, 2),
  vars: some(fc.record({ source: pick, field: fc.nat(3), name: fc.nat(1) }), 1, 9),
  configurations: sometimes(fc.nat(15), 7),
  plugins: some(fc.record({ kind: fc.nat(8), pick, flags }), 2, 5),
  buildMetadata: sometimes(fc.nat(7), 8),
  sortOptions: sometimes(fc.nat(3), 5),
  /** Block, flow or JSON, one document a file or all in one. */
  style: fc.nat(5),
});

export const worldSeed = fc.record({
  layers: fc.array(layerSeed, { minLength: 1, maxLength: 4 }),
  reorder: fc.constantFrom(undefined, undefined, "none" as const, "legacy" as const),
});

export type LayerSeed = Value<typeof layerSeed>;
export type WorldSeed = Value<typeof worldSeed>;
export type PatchSeed = Value<typeof patch>;
export type GeneratorSeed = Value<typeof generator>;
export type ReplacementSeed = Value<typeof replacement>;
