/** The parts of an image's name: `<registry>/<repository>:<tag>@<digest>`. */
export type Image = {
  readonly registry?: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
};

/**
 * Takes an image's name apart as container runtimes do: the first part is a registry where it has
 * a dot or a port, or is `localhost`; a colon after the last slash starts the tag.
 */
export function parseImage(reference: string): Image {
  const [name = "", digest] = split(reference, reference.indexOf("@"));
  const colon = name.lastIndexOf(":");
  const [path = "", tag] = split(name, colon > name.lastIndexOf("/") ? colon : -1);
  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(0, slash));
  const hasRegistry = /[.:]/.test(first) || first === "localhost";
  return {
    ...(hasRegistry && { registry: first }),
    repository: hasRegistry ? path.slice(slash + 1) : path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

function split(text: string, at: number): [string, string?] {
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
