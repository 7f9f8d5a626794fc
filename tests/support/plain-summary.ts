import type { Reporter, TestModule } from "vitest/node";

/** Closes a run with one plain line that a program can read: `12 passed, 0 failed, 1 skipped`. */
export default class PlainSummary implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    let broken = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      // A file that cannot be loaded has no tests to count and is a failure all the same.
      if (module.errors().length > 0) broken += 1;
    }
    const { passed, failed, skipped, pending } = count;
    console.log(`\n${passed} passed, ${failed + broken} failed, ${skipped + pending} skipped`);
  }
}
