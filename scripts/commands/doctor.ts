import type { Command } from "commander";
import type { ToolName } from "../tools/tools.ts";

/** Adds `slipway doctor`. */
export function register(program: Command): void {
  program
    .command("doctor")
    .summary("say which tools are there")
    .description(
      "Looks for the programs that slipway starts and says what each command still needs. Exits with 0 where `slipway check` can run all its checks.",
    )
    .addHelpText("after", "\nExample:\n  slipway doctor")
    .action(doctor);
}

async function doctor(): Promise<void> {
  const [programs, tools, cache, toolsOf] = await Promise.all([
    findPrograms(),
    findTools(),
    measureCache(),
    toolsOfCommands(),
  ]);
  const canBuild = programs.every(({ name, problem }) => name !== "Go" || problem === undefined);
  const needs = Object.entries(toolsOf).map(([command, names]) => ({
    command,
    missing: tools.filter(({ name, where }) => where === undefined && names.includes(name)),
  }));
  process.stdout.write(
    [
      ...programs.map(({ name, version, problem }) =>
        row(problem === undefined, name, version ?? "", problem ?? ""),
      ),
      "",
      "Tools that scripts/tools/ pins:",
      ...tools.map(({ name, version, seconds, where }) =>
        row(where !== undefined, name, version, where ?? buildNote(seconds, canBuild)),
      ),
      "",
      `Cache: ${cache}`,
      "",
      ...needs.map(({ command, missing }) =>
        row(missing.length === 0 || canBuild, `slipway ${command}`, "", verdict(missing, canBuild)),
      ),
      "",
    ].join("\n"),
  );
  const blocked = needs.find(({ command }) => command === "check")?.missing.length !== 0;
  process.exitCode = blocked && !canBuild ? 1 : 0;
}

/** The tools behind each command that has any. */
async function toolsOfCommands(): Promise<Readonly<Record<string, readonly ToolName[]>>> {
  const { rehearsalTools } = await import("../rehearsal/tools.ts");
  return {
    check: ["kubeconform", "helm"],
    render: [],
    secrets: [],
    bootstrap: ["helm", "kubectl"],
    rehearse: rehearsalTools,
  };
}

type Program = { readonly name: string; readonly version?: string; readonly problem?: string };
type FoundTool = {
  readonly name: ToolName;
  readonly version: string;
  readonly seconds: number;
  readonly where: string | undefined;
};

async function findPrograms(): Promise<Program[]> {
  const [{ goVersion }, { run }] = await Promise.all([
    import("../tools/tool.ts"),
    import("../tools/process.ts"),
  ]);
  // What they print is compared, since Deno answers for a Node that is not there.
  const version = async (file: string, pattern: RegExp) => {
    const { stdout } = await run(file, ["--version"]);
    return pattern.exec(stdout)?.[1];
  };
  const [bash, node, git, go] = await Promise.all([
    version("bash", /version (\d[\d.]*)/),
    version("node", /^v(\d[\d.]*)/),
    version("git", /^git version (\d[\d.]*)/),
    goVersion(),
  ]);
  return [
    { name: "Deno", version: process.versions.deno ?? "" },
    program("bash", bash, [3, 0], "it starts every other program"),
    program("Node", node, [20, 0], "it starts npm"),
    program("git", git, [2, 0], "diff and rehearse read commits with it"),
    program("Go", go?.replace(/^go/, ""), [1, 26], "it builds the tools below"),
  ];
}

function program(
  name: string,
  version: string | undefined,
  [major, minor]: readonly [number, number],
  purpose: string,
): Program {
  if (version === undefined) return { name, problem: `not on PATH; ${purpose}` };
  const [ownMajor = 0, ownMinor = 0] = version.split(".").map(Number);
  const isOld = ownMajor < major || (ownMajor === major && ownMinor < minor);
  return isOld
    ? { name, version, problem: `older than ${major}.${minor}; ${purpose}` }
    : { name, version };
}

async function findTools(): Promise<FoundTool[]> {
  const [{ findTool }, { tools }] = await Promise.all([
    import("../tools/tool.ts"),
    import("../tools/tools.ts"),
  ]);
  return await Promise.all(
    (Object.keys(tools) as ToolName[]).map(async (name) => {
      const { version, seconds } = tools[name];
      const found = await findTool(name);
      const where = found && (found === name ? "on PATH" : "in the cache");
      return { name, version, seconds, where };
    }),
  );
}

/** `~/.cache/slipway, 512 MB` */
async function measureCache(): Promise<string> {
  const [{ readdirSync, statSync }, { homedir }, { join }, { cacheDirectory }] = await Promise.all([
    import("node:fs"),
    import("node:os"),
    import("node:path"),
    import("../tools/tool.ts"),
  ]);
  const directory = cacheDirectory();
  const shown = directory.replace(homedir(), "~");
  try {
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const bytes = files.reduce(
      (sum, file) => sum + statSync(join(file.parentPath, file.name)).size,
      0,
    );
    return `${shown}, ${Math.round(bytes / 1024 / 1024)} MB`;
  } catch {
    return `${shown}, not there yet`;
  }
}

function buildNote(seconds: number, canBuild: boolean): string {
  return canBuild
    ? `built on first use, in about ${seconds} s`
    : "not there, and no Go to build it";
}

function verdict(missing: readonly FoundTool[], canBuild: boolean): string {
  if (missing.length === 0) return "ready";
  const names = missing.map(({ name }) => name).join(", ");
  const seconds = missing.reduce((sum, tool) => sum + tool.seconds, 0);
  return canBuild
    ? `ready; builds ${names} first, in about ${seconds} s`
    : `needs Go 1.26 or newer, or at their pinned versions on PATH: ${names}`;
}

function row(isFine: boolean, name: string, version: string, note: string): string {
  return `${isFine ? "✓" : "✗"} ${name.padEnd(26)}${version.padEnd(10)}${note}`.trimEnd();
}
