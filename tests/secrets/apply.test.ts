import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  applyPlan,
  readOptionFile,
  requireKeyFile,
  writeKeyFile,
} from "../../scripts/secrets/apply.ts";

let directory: string;
let root: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "slipway-apply-"));
  root = join(directory, "repository");
  mkdirSync(root);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test("applyPlan() writes and deletes below the root", () => {
  const plan = { summary: "", deletes: [] };
  applyPlan(root, { ...plan, writes: [{ file: "a/b/c.yaml", content: "1" }] });
  expect(readFileSync(join(root, "a/b/c.yaml"), "utf8")).toBe("1");
  applyPlan(root, { ...plan, writes: [{ file: "a/b/c.yaml", content: "2" }] });
  expect(readFileSync(join(root, "a/b/c.yaml"), "utf8")).toBe("2");
  applyPlan(root, { ...plan, writes: [], deletes: ["a/b/c.yaml", "a/none.yaml"] });
  expect(() => readFileSync(join(root, "a/b/c.yaml"))).toThrow("ENOENT");
});

test("writeKeyFile() makes a file that only its owner reads", () => {
  const file = join(directory, "key.pem");
  writeKeyFile(root, file, "private");
  expect(readFileSync(file, "utf8")).toBe("private");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("writeKeyFile() never replaces a file", () => {
  const file = join(directory, "key.pem");
  writeKeyFile(root, file, "first");
  chmodSync(file, 0o600);
  expect(() => writeKeyFile(root, file, "second")).toThrow(
    `Cannot write the private key to "${file}": the file exists, and a private key is not replaced; name another`,
  );
  expect(readFileSync(file, "utf8")).toBe("first");
});

test("requireKeyFile() refuses the repository, links into it, and absent directories", () => {
  symlinkSync(root, join(directory, "link"));
  for (const file of [join(root, "key.pem"), join(directory, "link", "key.pem")]) {
    expect(() => requireKeyFile(root, file)).toThrow(
      `Cannot write the private key to "${file}": it is inside the repository "${root}"; name a file outside, where git cannot pick it up`,
    );
  }
  expect(() => requireKeyFile(root, join(directory, "none", "key.pem"))).toThrow(
    `there is no directory "${join(directory, "none")}"; make it first`,
  );
});

test("readOptionFile() names the option and the file", () => {
  expect(() => readOptionFile("--old-key", join(directory, "none.pem"))).toThrow(
    /^Cannot read the file of "--old-key": ENOENT.*none\.pem/,
  );
});
