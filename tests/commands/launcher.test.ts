import { copyFileSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../../scripts/tools/process.ts";
import { folder, repository } from "./slipway.ts";

/** A checkout whose `scripts/main.ts` is the given program, with this one's dependencies. */
function checkout(main: string): string {
  const root = folder({ "scripts/main.ts": main });
  for (const file of ["package-lock.json", "scripts/slipway.mjs", "scripts/install.mjs"]) {
    copyFileSync(join(repository, file), join(root, file));
  }
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  return root;
}

/** Runs a line of bash in the checkout; `slipway` starts the launcher on the real Node. */
async function bash(root: string, script: string) {
  return await run("bash", ["-c", `slipway() { node scripts/slipway.mjs "$@"; }\n${script}`], {
    cwd: root,
  });
}

test("scripts/slipway.mjs passes arguments, standard input and the exit code", async () => {
  const root = checkout(`
    const chunks = await Array.fromAsync(process.stdin);
    console.log(JSON.stringify([process.argv.slice(2), String(Buffer.concat(chunks))]));
    process.exitCode = 7;
  `);
  const { stdout, stderr, exitCode } = await bash(root, `echo in | slipway a "b c" "" '$d'`);
  expect(JSON.parse(stdout)).toEqual([["a", "b c", "", "$d"], "in\n"]);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 7 });
});

test.each(["INT", "TERM", "HUP"])(
  "scripts/slipway.mjs sends SIG%s on and waits for the command's own cleanup",
  async (signal) => {
    const root = checkout(`
      process.on("SIG${signal}", () => {
        console.log("stopping");
        setTimeout(() => { console.log("cleaned up"); process.exit(3); }, 300);
      });
      setInterval(() => {}, 1000);
      console.log("ready");
    `);
    const { stdout } = await bash(
      root,
      `slipway < /dev/null > log 2>&1 & sleep 0.1
       until grep -q ready log; do sleep 0.05; done
       kill -${signal} $(pgrep -P $! -x node || echo $!); wait $!; echo "exit $?"; cat log`,
    );
    expect(stdout).toBe("exit 3\nready\nstopping\ncleaned up\n");
  },
);

test("scripts/slipway.mjs ends by the signal that ended the command", async () => {
  const root = checkout("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);");
  expect((await bash(root, "slipway; echo $?")).stdout).toBe("137\n");
});

test("package.json starts the command by the launcher", () => {
  const { bin, scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  expect(bin.slipway).toBe("scripts/slipway.mjs");
  expect(scripts.slipway).toBe("node scripts/slipway.mjs");
});
