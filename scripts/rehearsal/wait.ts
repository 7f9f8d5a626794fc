import { setTimeout as delay } from "node:timers/promises";
import { SlipwayError } from "../errors.ts";

/** Asks again until the answer is yes; gives up with a sentence after a number of seconds. */
export async function waitFor(
  what: string,
  seconds: number,
  isThere: () => Promise<boolean>,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await isThere())) {
    if (Date.now() > end) throw new SlipwayError(`Waited ${seconds} s for ${what} in vain`);
    await delay(100);
  }
}
