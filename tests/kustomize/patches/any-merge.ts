import fc from "fast-check";

/** A random object and a random strategic merge patch of it. */
export type AnyMerge = { readonly object: string; readonly patch: string };

/**
 * Objects whose lists have one merge key, several, none, or no known type, with items that lack
 * their keys or share them; patches with every directive, wrong ones included.
 */
export const anyMerge: fc.Arbitrary<AnyMerge> = fc
  .constantFrom(...["Pod", "Service", "Colony"].map((kind) => kind as Kind))
  .chain((kind) =>
    fc.record({
      object: written(kind, specOf(kind, false), fc.constant("")),
      patch: written(kind, specOf(kind, true), rarely("$patch: delete", "$patch: replace")),
    }),
  );

type Kind = "Pod" | "Service" | "Colony";
type Text = fc.Arbitrary<string>;

const apiVersions = { Pod: "v1", Service: "v1", Colony: "example.com/v1" };

function written(kind: Kind, spec: Text, last: Text): Text {
  const finalizers = list(fc.constantFrom("a", "b", '"a"', "5"), false);
  const metadata = mapping({ labels: mapping({ x: word }, false), finalizers }, false);
  return fc.tuple(metadata, spec, last).map(
    ([rest, value, directive]) => `apiVersion: ${apiVersions[kind]}
kind: ${kind}
metadata: ${withField("name: t", rest)}
spec: ${value}
${directive}
`,
  );
}

function specOf(kind: Kind, directives: boolean): Text {
  const many = (item: Text): Text => list(item, directives);
  const some = (fields: Record<string, Text>): Text => mapping(fields, directives);
  const port = (key: string): Text => some({ [key]: number, protocol: name, name });
  const container = named(
    some({
      image: word,
      args: many(word),
      ports: many(port("containerPort")),
      env: many(named(some({ value: word }))),
    }),
  );
  const pod = some({
    containers: many(container),
    volumes: many(named(some({ emptyDir: some({ medium: word }) }))),
    tolerations: many(some({ key: word })),
    topologySpreadConstraints: many(
      some({ topologyKey: name, whenUnsatisfiable: name, maxSkew: word }),
    ),
    hostNetwork: word,
  });
  if (kind === "Pod") return pod;
  if (kind === "Service") return some({ ports: many(port("port")), externalIPs: many(word) });
  const embedded = pod.map((spec) => `{apiVersion: v1, kind: Pod, spec: ${spec}}`);
  return some({ list: many(container), a: word, b: some({ c: word }), template: embedded });
}

const word = fc.constantFrom("a", '"a"', "5", '"5"', "true", "null", "~", '""', "1.5", "0x10");
const name = fc.constantFrom("a", "b", "c");
const number = fc.constantFrom("80", "81", '"80"');

/** A mapping with some of the fields. */
function mapping(fields: Record<string, Text>, directives: boolean): Text {
  const entries = Object.entries(fields).map(([key, value]) =>
    fc.option(value, { nil: undefined, freq: 2 }).map((text) => text && `${key}: ${text}`),
  );
  const directive = directives
    ? rarely(
        "$patch: delete",
        "$patch: replace",
        "$patch: merge",
        "$patch: odd",
        "$retainKeys: [a]",
      )
    : fc.constant("");
  return fc.tuple(...entries, directive).map((texts) => `{${texts.filter(Boolean).join(", ")}}`);
}

function list(item: Text, directives: boolean): Text {
  const odd = directives
    ? rarely("{$patch: delete}", "{$patch: replace}", "{$patch: odd}", "{}", "null", "x")
    : fc.constant("");
  return fc
    .tuple(odd, fc.array(item, { maxLength: 4 }))
    .map(([first, items]) => `[${[first, ...items].filter(Boolean).join(", ")}]`);
}

/** An item with a name, most of the time. */
function named(item: Text): Text {
  const key = fc.oneof(
    { weight: 8, arbitrary: name },
    { weight: 1, arbitrary: fc.constantFrom("null", '""', "") },
  );
  return fc
    .tuple(key, item)
    .map(([text, rest]) => (text === "" ? rest : withField(`name: ${text}`, rest)));
}

function withField(field: string, flow: string): string {
  return flow === "{}" ? `{${field}}` : `{${field}, ${flow.slice(1)}`;
}

function rarely(...texts: readonly string[]): Text {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant("") },
    { weight: 1, arbitrary: fc.constantFrom(...texts) },
  );
}
