import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runOrThrow } from "../../scripts/tools/process.ts";
import { folder, repository, slipway } from "./slipway.ts";

const configMap = (name: string, port: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  port: ${port}\n`;

/** Two overlays of one base, committed. */
async function fleet(): Promise<string> {
  const cwd = folder({
    "base/web/kustomization.yaml": "resources: [config-map.yaml]\n",
    "base/web/config-map.yaml": configMap("web", '"80"'),
    "overlays/dev/web/kustomization.yaml": "namespace: web\nresources: [../../../base/web]\n",
    "overlays/dev/api/kustomization.yaml": "namespace: api\nresources: [config-map.yaml]\n",
    "overlays/dev/api/config-map.yaml": configMap("api", '"80"'),
  });
  const git = (...args: string[]) => runOrThrow("git", args, { cwd });
  await git("init", "-q");
  await git("add", ".");
  await git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first");
  return cwd;
}

test("slipway check --since looks only at what the changes reach", async () => {
  const cwd = await fleet();
  const since = async () => {
    const { stdout, stderr } = await slipway(["check", "--since", "HEAD", "--reporter", "json"], {
      cwd,
    });
    const { summary, findings } = JSON.parse(stdout);
    const places = findings.map(({ rule, file, line }: Record<string, unknown>) => [
      rule,
      file,
      line,
    ]);
    return { targets: summary.targets, places, stderr };
  };
  expect(await since()).toMatchObject({
    targets: 0,
    stderr: 'No change since "HEAD" reaches a target\n',
  });
  writeFileSync(join(cwd, "base/web/config-map.yaml"), configMap("web", "80"));
  const changed = await since();
  expect(changed).toMatchObject({ targets: 1, stderr: "" });
  expect(changed.places).toContainEqual(["schema-invalid-value", "base/web/config-map.yaml", 6]);
});

test("slipway check --watch checks again when a file changes", async () => {
  const cwd = await fleet();
  const { CI: _, ...env } = process.env;
  const main = join(repository, "scripts/main.ts");
  const child = spawn(process.execPath, ["run", "-A", main, "check", "--watch"], {
    cwd,
    env: { ...env, NO_COLOR: "1" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  let look = () => {};
  child.stdout.on("data", (data) => {
    text += data;
    look();
  });
  /** Waits for a report that says so, and forgets it. */
  const told = (what: RegExp) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (!what.test(text)) return;
        text = "";
        resolve();
      };
      look();
    });
  await told(/2 targets/);
  writeFileSync(join(cwd, "base/web/config-map.yaml"), configMap("web", "80"));
  await told(/base\/web\/config-map\.yaml\n.*6:9 +schema-invalid-value.*2 targets/s);
  writeFileSync(join(cwd, "base/web/config-map.yaml"), configMap("web", '"81"'));
  await told(/^(?!.*schema-invalid-value).*2 targets/s);
});
