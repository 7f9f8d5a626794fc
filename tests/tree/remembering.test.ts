import { expect, test } from "vitest";
import { memoryTree } from "../../scripts/tree/memory.ts";
import { rememberingTree } from "../../scripts/tree/remembering.ts";
import { readText, type Tree } from "../../scripts/tree/tree.ts";

/** A tree whose files can be exchanged, and what was asked of it. */
function counted(files: Record<string, string>) {
  const asked: string[] = [];
  const tree: Tree = {
    read(path) {
      asked.push(`read ${path}`);
      return memoryTree(files).read(path);
    },
    list(directory) {
      asked.push(`list ${directory}`);
      return memoryTree(files).list(directory);
    },
  };
  return { tree, asked };
}

test("rememberingTree() reads a file once, absent ones included", () => {
  const { tree, asked } = counted({ "a/b.yaml": "1" });
  const { now } = rememberingTree(tree);
  expect(now().read("a/b.yaml")).toBe(now().read("a/b.yaml"));
  expect([now().read("c"), now().read("c")]).toEqual([undefined, undefined]);
  expect(asked).toEqual(["read a/b.yaml", "read c"]);
});

test("rememberingTree() reads what it is told to forget again, and nothing else", () => {
  const files: Record<string, string> = { "a/b.yaml": "1", "a/c.yaml": "1" };
  const { tree, asked } = counted(files);
  const { now, forget } = rememberingTree(tree);
  for (const file of Object.keys(files)) now().read(file);
  files["a/b.yaml"] = "2";
  files["a/c.yaml"] = "2";
  forget(["a/b.yaml"]);
  expect([readText(now(), "a/b.yaml"), readText(now(), "a/c.yaml")]).toEqual(["2", "1"]);
  expect(asked).toEqual(["read a/b.yaml", "read a/c.yaml", "read a/b.yaml"]);
});

test("rememberingTree() sees a new file in every directory above it", () => {
  const files: Record<string, string> = { "a/b/c.yaml": "1" };
  const { now, forget } = rememberingTree(counted(files).tree);
  const names = (directory: string) =>
    now()
      .list(directory)
      .map(({ name }) => name);
  expect([names(""), names("a"), names("a/d")]).toEqual([["a"], ["b"], []]);
  files["a/d/e.yaml"] = "1";
  files["f.yaml"] = "1";
  forget(["a/d/e.yaml", "f.yaml"]);
  expect([names(""), names("a"), names("a/d")]).toEqual([["a", "f.yaml"], ["b", "d"], ["e.yaml"]]);
});

test("rememberingTree() forgets what is below a directory", () => {
  const files: Record<string, string> = { "a/b/c.yaml": "1" };
  const { now, forget } = rememberingTree(counted(files).tree);
  expect(readText(now(), "a/b/c.yaml")).toBe("1");
  files["a/b/c.yaml"] = "2";
  forget(["a"]);
  expect(readText(now(), "a/b/c.yaml")).toBe("2");
});
