import type { BlamedLine } from "./blame.ts";
import { painter, shortPlace } from "./paint.ts";

/** Like `git blame`: place, operation, and the line as `kustomize build` prints it. */
export function printBlame(
  resources: readonly (readonly BlamedLine[])[],
  { colour }: { readonly colour: boolean },
): string {
  const paint = painter(colour);
  const placeOf = ({ place }: BlamedLine) => (place === undefined ? "" : shortPlace(place));
  const places = widest(resources, (line) => placeOf(line).length);
  const operations = widest(resources, ({ operation }) => operation.length);
  const separator = `${" ".repeat(places + operations + 3)}│ ---\n`;
  return resources
    .map((lines) =>
      lines
        .map((line) => {
          const place = paint("dim", placeOf(line).padEnd(places));
          const operation = line.operation.padEnd(operations);
          return `${place}  ${paint("cyan", operation)} │ ${line.line}\n`;
        })
        .join(""),
    )
    .join(separator);
}

function widest(
  resources: readonly (readonly BlamedLine[])[],
  width: (line: BlamedLine) => number,
): number {
  let most = 0;
  for (const lines of resources) for (const line of lines) most = Math.max(most, width(line));
  return most;
}
