import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeAt, type Scalar } from "../../../scripts/kustomize/node/node.ts";
import { readDocuments } from "../../../scripts/kustomize/yaml/read.ts";
import { fileText, innerText } from "../../../scripts/kustomize/yaml/source-text.ts";

function scalarIn(text: string): Scalar {
  const [document] = readDocuments(fileText("a.yaml", text), "resource");
  return nodeAt(document, ["list", 0, "patch"]) as Scalar;
}

/** What stands in the file where each letter of the inner text is said to be. */
function lettersThere(text: string): string {
  const inner = innerText(scalarIn(text));
  const lines = text.split("\n");
  return [...inner.text]
    .map((letter, offset) => {
      const { line = 0, column = 0 } = inner.placeAt(offset);
      return letter.trim() === "" ? letter : lines[line - 1]?.[column - 1];
    })
    .join("");
}

const styles: Readonly<Record<string, (text: string) => string>> = {
  literal: (text) => `|-\n${text.replace(/^(?=.)/gm, "        ")}`,
  "literal with a hint": (text) => `|2-\n${text.replace(/^(?=.)/gm, "      ")}`,
  folded: (text) => `>-\n${text.replace(/^(?=.)/gm, "      ")}`,
  "single quotes": (text) => `'${text.replaceAll("'", "''").replaceAll("\n", "\n\n      ")}'`,
  "double quotes": (text) => JSON.stringify(text).replaceAll("'", "\\x27"),
  "folded double quotes": (text) => JSON.stringify(text).replaceAll(" ", "\n      "),
  plain: (text) => text.replaceAll("\n", "\n\n      "),
};

describe("innerText() names the line and column of the file", () => {
  it.each(Object.entries(styles))("in %s", (style, write) => {
    const word = fc.stringMatching(style === "plain" ? /^[a-z]{1,4}$/ : /^[a-z']{1,4}$/);
    const line = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(" "));
    const text = fc.array(line, { minLength: 1, maxLength: 5 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(text, (inner) => {
        const file = `# first\nlist:\n  - patch: ${write(inner)}\n`;
        const there = lettersThere(file);
        const { text: read } = scalarIn(file);
        // An escape stands for its letter where it begins.
        expect(there.replaceAll("\\", "'")).toBe(read);
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it("with carriage returns", () => {
    const inner = innerText(scalarIn("list:\r\n- patch: |\r\n    a: 1\r\n    b: 2\r\n"));
    expect(inner.text).toBe("a: 1\nb: 2\n");
    expect(inner.placeAt(inner.text.indexOf("2"))).toEqual({ file: "a.yaml", line: 4, column: 8 });
  });

  it("of a patch inside a patch", () => {
    const outer = innerText(scalarIn("list:\n- patch: |\n    x: |\n      a: 1\n"));
    const [document] = readDocuments(outer, "strategic merge patch");
    const inner = innerText(nodeAt(document, ["x"]) as Scalar);
    expect(inner.placeAt(3)).toEqual({ file: "a.yaml", line: 4, column: 10 });
  });
});
