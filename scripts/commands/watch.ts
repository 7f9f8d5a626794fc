import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";

/** Editors write a file in several steps; what follows within this many milliseconds is one change. */
const settled = 20;

/**
 * Runs work now and after every change below the directories, one run at a time, until the process is
 * interrupted. A change that comes while the work runs is followed by one more run.
 */
export async function repeatOnChange(
  root: string,
  directories: readonly string[],
  work: () => Promise<void>,
): Promise<never> {
  let changed: (() => void) | undefined;
  let isStale = false;
  const tell = () => {
    isStale = true;
    changed?.();
  };
  const watchers = directories.map((directory) => watchBelow(join(root, directory), tell));
  try {
    for (;;) {
      isStale = false;
      await work();
      if (!isStale) await new Promise<void>((resolve) => (changed = resolve));
      await new Promise((resolve) => setTimeout(resolve, settled));
    }
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

function watchBelow(directory: string, tell: () => void): FSWatcher {
  return watch(directory, { recursive: true }, tell);
}
