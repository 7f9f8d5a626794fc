import { describe, expect, it } from "vitest";
import { gitTree } from "../../scripts/tree/git-revision.ts";
import { memoryTree, overlayTree } from "../../scripts/tree/memory.ts";
import { readText, type Tree, walk } from "../../scripts/tree/tree.ts";
import { workingDirectory } from "../../scripts/tree/working-directory.ts";
import { type Files, folder, type Links, repository } from "./folder.ts";

const files = {
  "base/router/deployment.yaml": "kind: Deployment\n",
  "base/router/greeting.txt": "Grüße\n",
  "base/router/latin.txt": Uint8Array.of(0x47, 0x72, 0xfc, 0xdf, 0x65),
  "base/router/no-newline.txt": "end",
  "base/router/empty.txt": "",
  "base/a-name with spaces/x.yaml": "a: b\n",
};

describe.each<[string, (files: Files) => Tree | Promise<Tree>]>([
  ["memoryTree()", memoryTree],
  ["overlayTree()", (files) => overlayTree(memoryTree({}), files)],
  ["workingDirectory()", (files) => workingDirectory(folder(files))],
  ["gitTree()", (files) => gitTree(repository(files), "HEAD")],
])("%s", (_, make) => {
  it("reads the bytes of a file", async () => {
    const tree = await make(files);
    expect(readText(tree, "base/router/deployment.yaml")).toBe("kind: Deployment\n");
    expect(readText(tree, "base/router/greeting.txt")).toBe("Grüße\n");
    expect(readText(tree, "base/router/no-newline.txt")).toBe("end");
    expect(readText(tree, "base/router/empty.txt")).toBe("");
    expect([...(tree.read("base/router/latin.txt") ?? [])]).toEqual([71, 114, 252, 223, 101]);
  });

  it("has nothing where there is no file", async () => {
    const tree = await make(files);
    for (const path of ["base/router/service.yaml", "base/router", "base/router/empty.txt/x"]) {
      expect(tree.read(path)).toBeUndefined();
    }
    expect(tree.list("base/nothing")).toEqual([]);
    expect(tree.list("base/router/empty.txt")).toEqual([]);
  });

  it("lists a directory by name", async () => {
    const tree = await make(files);
    expect(tree.list("base")).toEqual([
      { name: "a-name with spaces", kind: "directory" },
      { name: "router", kind: "directory" },
    ]);
    expect(tree.list("")).toEqual([{ name: "base", kind: "directory" }]);
    expect([...walk(tree, "")]).toEqual([
      "base/a-name with spaces/x.yaml",
      "base/router/deployment.yaml",
      "base/router/empty.txt",
      "base/router/greeting.txt",
      "base/router/latin.txt",
      "base/router/no-newline.txt",
    ]);
  });

  it("says which file is not text", async () => {
    const tree = await make(files);
    expect(() => readText(tree, "base/router/latin.txt")).toThrow(
      'Cannot read "base/router/latin.txt": it is not UTF-8 text; save it in that encoding',
    );
  });
});

describe.each<[string, (files: Files, links: Links) => Tree | Promise<Tree>]>([
  ["workingDirectory()", (files, links) => workingDirectory(folder(files, links))],
  ["gitTree()", (files, links) => gitTree(repository(files, links), "HEAD")],
])("%s with links", (_, make) => {
  it("follows a link to a file and one to a directory", async () => {
    const tree = await make(
      { "base/a/x.yaml": "a: b\n", "base/ab/y.yaml": "c: d\n" },
      { "base/ab/x.yaml": "../a/x.yaml", "base/ab/deep": "../a", "base/again": "ab/deep" },
    );
    expect(readText(tree, "base/ab/x.yaml")).toBe("a: b\n");
    expect(readText(tree, "base/again/x.yaml")).toBe("a: b\n");
    expect([...walk(tree, "base")]).toEqual([
      "base/a/x.yaml",
      "base/ab/deep/x.yaml",
      "base/ab/x.yaml",
      "base/ab/y.yaml",
      "base/again/x.yaml",
    ]);
  });

  it.each<[string, Links, string, string]>([
    [
      "to nothing",
      { "base/x.yaml": "y.yaml" },
      "base/x.yaml",
      'Cannot read "base/x.yaml": it is a link to nothing; remove it',
    ],
    [
      "out of the repository",
      { "base/x.yaml": "../../../../../../../../../../etc/passwd" },
      "base/x.yaml",
      'Cannot read "base/x.yaml": it is a link that leaves the repository; put a copy inside it',
    ],
    [
      "to a link that leads back to it",
      { "base/x.yaml": "z.yaml", "base/z.yaml": "x.yaml" },
      "base/x.yaml",
      'Cannot read "base/x.yaml": its links lead in a circle; remove one of them',
    ],
    [
      "to the directory it stands in",
      { "base/a/self": "." },
      "base/a/self",
      'Cannot read "base/a/self": it is a link that leads back to a directory above it; remove it',
    ],
    [
      "to a directory with a link back",
      { "base/a/b": "../b", "base/b/a": "../a" },
      "base/a/b/a",
      'Cannot read "base/a/b/a": it is a link that leads back to a directory above it; remove it',
    ],
  ])("walks on past a link %s and says what is wrong with it", async (_, links, path, message) => {
    const tree = await make({ "base/a/file.yaml": "a: b\n", "base/b/file.yaml": "a: b\n" }, links);
    expect([...walk(tree, "base")]).toContain("base/b/file.yaml");
    expect([...walk(tree, "base")]).toContain(path);
    expect(() => tree.read(path)).toThrow(message);
  });
});
