import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";

/** Editors write a file in several steps; what follows within this many milliseconds is one change. */
const settled = 20;

/**
 * Runs work now and after every change below the directories, one run at a time, until the process is
 * interrupted. It is told the paths that changed, from the root, `/` between names; none the first
 * time. A change that comes while the work runs is followed by one more run.
 */
export async function repeatOnChange(
  root: string,
  directories: readonly string[],
  work: (changed: readonly string[]) => Promise<void>,
): Promise<never> {
  let changed = new Set<string>();
  let wake = () => {};
  const watchers = directories.map(
    (directory): FSWatcher =>
      watch(join(root, directory), { recursive: true }, (_, name) => {
        // Some systems do not say which file it was.
        changed.add(join(directory, name ?? "").replaceAll("\\", "/"));
        wake();
      }),
  );
  try {
    for (;;) {
      const paths = [...changed];
      changed = new Set();
      await work(paths);
      if (changed.size === 0) await new Promise<void>((resolve) => (wake = resolve));
      await new Promise((resolve) => setTimeout(resolve, settled));
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}
