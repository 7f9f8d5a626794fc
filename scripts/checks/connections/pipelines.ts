import { formatPath, type Path, type Resource } from "../../fleet/resource.ts";
import { readText, type Tree, UnreadableError } from "../../tree/tree.ts";
import { parseYaml, type YamlDocument, YamlSyntaxError } from "../../yaml/document.ts";
import type { Place } from "../../yaml/place.ts";
import { isMapping, mapping, text, valueAt } from "../../yaml/value.ts";
import type { Program, Variable } from "./programs.ts";

/** What a Bento pipeline does with a queue of a broker. */
export type QueueUse = {
  readonly program: Program;
  readonly verb: "consumes" | "publishes to";
  readonly queue: string;
  /** The broker's address; undefined where git does not know it. */
  readonly url: string | undefined;
  /** The variable that has the address. */
  readonly address: Variable | undefined;
  readonly configMap: Resource;
  readonly key: string;
  /** Where the queue's name is written: in the pipeline, or in the variable that replaces it. */
  readonly place: Place;
  /** Where in the pipeline. */
  readonly path: string;
};

/** Every queue that the pipelines of a program consume or publish to, by the default exchange. */
export function queueUses(tree: Tree, program: Program): QueueUse[] {
  return program.files.flatMap(({ configMap, key, text: content }) => {
    if (!/\bamqp_0_9\b/.test(content)) return [];
    const document = parse(content, key);
    if (document === undefined) return [];
    return brokers(document.value, []).flatMap((path) => {
      const component = mapping(valueAt(document.value, path));
      const input = text(component.queue);
      // Another exchange routes by its bindings, not by the queue's name
      const output = component.exchange === "" ? text(component.key) : undefined;
      const written = input ?? output;
      if (written === undefined) return [];
      const field = [...path, input === undefined ? "key" : "queue"];
      const queue = interpolate(written, program.variables);
      const url = interpolate(text(valueAt(component, ["urls", 0])) ?? "", program.variables);
      if (queue.value === undefined) return [];
      return [
        {
          program,
          verb: input === undefined ? ("publishes to" as const) : ("consumes" as const),
          queue: queue.value,
          url: url.value,
          address: url.variable,
          configMap,
          key,
          place: queue.variable?.place ?? placeInside(tree, configMap, key, field),
          path: formatPath(field),
        },
      ];
    });
  });
}

/** The paths of every component `amqp_0_9`. */
function brokers(value: unknown, path: Path): Path[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => brokers(item, [...path, index]));
  }
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === "amqp_0_9" ? [[...path, key]] : brokers(child, [...path, key]),
  );
}

/** Bento's `${NAME:default}`, with the one variable that it names where that is all. */
function interpolate(
  written: string,
  variables: ReadonlyMap<string, Variable>,
): { readonly value: string | undefined; readonly variable: Variable | undefined } {
  let isKnown = true;
  const value = written.replace(/\$\{(\w+)(?::([^}]*))?\}/g, (_, name: string, other?: string) => {
    const set = variables.has(name) ? variables.get(name)?.value : other;
    if (set === undefined) isKnown = false;
    return set ?? "";
  });
  const [, name = ""] = /^\$\{(\w+)(?::[^}]*)?\}$/.exec(written) ?? [];
  return { value: isKnown ? value : undefined, variable: variables.get(name) };
}

/** A generator knows the file that it took, whose lines are the text's own. */
function placeInside(tree: Tree, configMap: Resource, key: string, path: Path): Place {
  const place = configMap.placeOf(["data", key]);
  if (!place.file.endsWith(`/${key}`)) return place;
  try {
    return parse(readText(tree, place.file) ?? "", place.file)?.placeOf(path) ?? place;
  } catch (error) {
    if (error instanceof UnreadableError) return place;
    throw error;
  }
}

/** Text that is no YAML is no pipeline; Bento's own linter says what is wrong with one. */
function parse(content: string, file: string): YamlDocument | undefined {
  try {
    return parseYaml(content, file)[0];
  } catch (error) {
    if (error instanceof YamlSyntaxError) return undefined;
    throw error;
  }
}
