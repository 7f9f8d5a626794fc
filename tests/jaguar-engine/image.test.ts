import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const image = "base/jaguar-engine/images/jaguar-engine";
const containerfile = readFileSync(`${image}/Containerfile`, "utf8");
const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const wrapper = read(`${image}/package.json`);

describe("the Containerfile", () => {
  it("builds the commit that runs, and labels the image with it", () => {
    const commits = [...containerfile.matchAll(/[0-9a-f]{40}/g)].map(([commit]) => commit);
    expect(commits).toEqual([
      "14fc255dcec2620a11865d41ea1b2859d1f44282",
      "14fc255dcec2620a11865d41ea1b2859d1f44282",
    ]);
  });

  it("makes the tag that every environment runs: upstream's version and commit, and the wrapper's version", () => {
    const label = (name: string) =>
      new RegExp(`image\\.${name}="(\\S+)"`).exec(containerfile)?.[1] ?? "";
    const tag = `${label("version")}-${label("revision").slice(0, 7)}-${wrapper.version}`;
    const releases = ["dev", "staging", "prod"].map(
      (name) => `overlays/${name}/jaguar-engine/release/kustomization.yaml`,
    );
    for (const file of [...releases, `${image}/Containerfile`, "base/jaguar-engine/README.md"]) {
      const tags = readFileSync(file, "utf8").match(/\d+\.\d+\.\d+-[0-9a-f]{7}(?:-[\d.]*\d)?/g);
      expect([file, ...(tags ?? [])]).toEqual([file, tag]);
    }
  });

  it("carries upstream's licence, as that asks for", () => {
    expect(containerfile).toContain(
      "\nCOPY --from=source /LICENSE /usr/share/doc/jaguar-engine/\n",
    );
  });

  it("has a version on each image and each Debian package", () => {
    const images = [...containerfile.matchAll(/^FROM (\S+)/gm)].map(([, name]) => name);
    expect(
      images.filter((name) => name !== "scratch" && !/:\d+\.\d+\.\d+/.test(name ?? "")),
    ).toEqual([]);
    const lists = [
      ...containerfile.matchAll(/install --yes --no-install-recommends \\\n((?: {2}\S+ ?\\?\n)+)/g),
    ];
    const packages = lists.flatMap(([, list = ""]) => list.match(/[^\s\\]+/g) ?? []);
    expect(packages).toHaveLength(10);
    expect(packages.filter((name) => !/^[a-z0-9.+-]+=\S+$/.test(name))).toEqual([]);
  });

  it("switches off what does not compile, downloads, or needs a newer processor", () => {
    const off = [...containerfile.matchAll(/-D (JAGUAR_\w+)=OFF/g)].map(([, option]) => option);
    expect(off).toEqual([
      "JAGUAR_BUILD_BENCHMARKS",
      "JAGUAR_BUILD_TESTS",
      "JAGUAR_ENABLE_CLOUD",
      "JAGUAR_ENABLE_ML",
      "JAGUAR_ENABLE_SIMD",
      "JAGUAR_ENABLE_THREAD",
    ]);
    expect(containerfile).toContain("LWS_PROTOCOL_LIST_TERM='{nullptr,nullptr,0,0,0,nullptr,0}'");
  });

  it("ends as the contract's user, with the wrapper as the first process", () => {
    const last = containerfile.slice(containerfile.lastIndexOf("FROM "));
    expect(last).toContain("\nUSER 65532:65532\n");
    expect(last).toContain('\nENTRYPOINT ["node", "src/main.ts"]\n');
    expect(last).toMatch(/\nCMD \[.*"jaguar_server"\]\n$/);
  });
});

describe("the wrapper's packages", () => {
  it("are the versions that are tested here", () => {
    const { devDependencies } = read("package.json");
    expect(devDependencies).toMatchObject(wrapper.dependencies);
  });

  it("are locked, each with its hash and without a registry's address", () => {
    const { packages } = read(`${image}/package-lock.json`);
    const { "": root, ...locked } = packages;
    expect(root.dependencies).toEqual(wrapper.dependencies);
    const entries = Object.entries(
      locked as Record<string, { integrity?: string; resolved?: string }>,
    );
    expect(entries.length).toBeGreaterThan(20);
    expect(entries.filter(([, { integrity, resolved }]) => !integrity || resolved)).toEqual([]);
  });
});
