import { SlipwayError } from "../../errors.ts";
import { currentId, type Resource } from "../resource/resource.ts";

/**
 * The object that `KIND/NAME` or `KIND/NAMESPACE/NAME` means: by the name that it has or, where none
 * has it, by one that it had before a prefix, a suffix or a hash. Throws a `SlipwayError` where there
 * is no such object or more than one.
 */
export function findResource(resources: readonly Resource[], wanted: string): Resource {
  const [kind = "", ...rest] = wanted.split("/");
  const name = rest.pop() ?? "";
  const [namespace] = rest;
  const ofKind = resources.filter(
    (resource) => currentId(resource).kind.toLowerCase() === kind.toLowerCase(),
  );
  const inNamespace = ofKind.filter(
    (resource) => namespace === undefined || currentId(resource).namespace === namespace,
  );
  const current = inNamespace.filter((resource) => currentId(resource).name === name);
  const found =
    current.length > 0
      ? current
      : inNamespace.filter(({ previous }) => previous.some((one) => one.name === name));
  const [only, ...others] = found;
  if (only === undefined) throw unknown(wanted, ofKind.length > 0 ? ofKind : resources);
  if (others.length === 0) return only;
  throw new SlipwayError(`"${wanted}" is more than one object: write ${list(found)}`);
}

function unknown(wanted: string, known: readonly Resource[]): SlipwayError {
  return new SlipwayError(
    known.length === 0
      ? `There is no "${wanted}": the build has no objects`
      : `There is no "${wanted}": there are ${list(known)}`,
  );
}

const mostNamed = 20;

function list(resources: readonly Resource[]): string {
  const names = resources.slice(0, mostNamed).map((resource) => {
    const { kind, namespace, name } = currentId(resource);
    return `"${[kind, namespace, name].filter((part) => part !== "").join("/")}"`;
  });
  const more = resources.length - names.length;
  return names.join(", ") + (more > 0 ? ` and ${more} more` : "");
}
