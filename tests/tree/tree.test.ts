import { truncateSync } from "node:fs";
import { join as joinPath } from "node:path";
import { describe, expect, it } from "vitest";
import { SlipwayError } from "../../scripts/errors.ts";
import { gitTree } from "../../scripts/tree/git-revision.ts";
import { memoryTree, overlayTree } from "../../scripts/tree/memory.ts";
import { join, parent, readText, walk } from "../../scripts/tree/tree.ts";
import { workingDirectory } from "../../scripts/tree/working-directory.ts";
import { folder, repository } from "./folder.ts";

describe("overlayTree()", () => {
  const tree = memoryTree({ "base/a/x.yaml": "x", "base/a/y.yaml": "y", "base/b/z.yaml": "z" });

  it("changes, adds and removes files", () => {
    const changed = overlayTree(tree, {
      "base/a/x.yaml": "changed",
      "base/a/y.yaml": undefined,
      "base/c/new.yaml": "new",
    });
    expect([...walk(changed, "")]).toEqual(["base/a/x.yaml", "base/b/z.yaml", "base/c/new.yaml"]);
    expect(readText(changed, "base/a/x.yaml")).toBe("changed");
    expect(readText(changed, "base/a/y.yaml")).toBeUndefined();
    expect(readText(changed, "base/b/z.yaml")).toBe("z");
  });

  it("drops a directory with its last file", () => {
    const changed = overlayTree(tree, { "base/a/x.yaml": undefined, "base/a/y.yaml": undefined });
    expect(changed.list("base")).toEqual([{ name: "b", kind: "directory" }]);
  });
});

describe("workingDirectory()", () => {
  it("refuses a root that is not there", () => {
    expect(() => workingDirectory("/nowhere/at/all")).toThrow(
      'Cannot read "/nowhere/at/all": there is no such file or directory',
    );
  });

  it("refuses a file of 100 MB and reads the one beside it", () => {
    const root = folder({ "base/large.yaml": "", "base/small.yaml": "a: b" });
    truncateSync(joinPath(root, "base/large.yaml"), 100 * 1024 * 1024);
    const tree = workingDirectory(root);
    expect(() => tree.read("base/large.yaml")).toThrow(
      'Cannot read "base/large.yaml": it has 100 MB and the limit is 10 MB; a manifest this large is no source, keep it out of the tree',
    );
    expect(readText(tree, "base/small.yaml")).toBe("a: b");
  });

  it("does not read above its root", () => {
    const root = folder({ "secret.txt": "x", "inside/base/x.yaml": "a: b" });
    expect(() => workingDirectory(joinPath(root, "inside")).read("../secret.txt")).toThrow(
      'Cannot read "../secret.txt": it is a link that leaves the repository',
    );
  });
});

describe("gitTree()", () => {
  it("reads the commit and not the working tree, from any folder of the repository", async () => {
    const root = repository({ "fleet/base/x.yaml": "committed", "fleet/docs/x.md": "text" });
    const tree = await gitTree(joinPath(root, "fleet"), "HEAD");
    expect([...walk(tree, "")]).toEqual(["base/x.yaml"]);
    expect(readText(tree, "base/x.yaml")).toBe("committed");
    expect([...walk(await gitTree(root, "HEAD", ["fleet"]), "")]).toEqual([
      "fleet/base/x.yaml",
      "fleet/docs/x.md",
    ]);
  });

  it.each([["no-such-branch"], ["--help"], ["HEAD:fleet"]])("refuses %s", async (ref) => {
    const root = repository({ "fleet/x.yaml": "x" });
    await expect(gitTree(root, ref)).rejects.toThrow(
      new SlipwayError(
        `Cannot read "${ref}": the repository has no such commit; fetch it, or name another`,
      ),
    );
  });

  it("refuses a folder that is no repository", async () => {
    await expect(gitTree(folder({}), "HEAD")).rejects.toThrow(
      /^Cannot read "HEAD": git says: fatal: not a git repository/,
    );
  });

  it("refuses a file of 11 MB and reads the one beside it", async () => {
    const root = repository({
      "base/large.yaml": new Uint8Array(11 * 1024 * 1024),
      "base/small.yaml": "a: b",
    });
    const tree = await gitTree(root, "HEAD");
    expect(() => tree.read("base/large.yaml")).toThrow(
      'Cannot read "base/large.yaml": it has 11 MB and the limit is 10 MB',
    );
    expect(readText(tree, "base/small.yaml")).toBe("a: b");
  });
});

describe("paths", () => {
  it.each([
    [["overlays/dev/a", "../../../base/a"], "base/a"],
    [["", "base"], "base"],
    [["base/./a//b"], "base/a/b"],
    [["base", "../../x"], "../x"],
    [["base", ".."], ""],
  ])("join(%j) is %j", (parts, path) => {
    expect(join(...parts)).toBe(path);
  });

  it("parent() of a path at the root is the root", () => {
    expect(parent("base/a/x.yaml")).toBe("base/a");
    expect(parent("base")).toBe("");
  });
});
