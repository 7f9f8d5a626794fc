import { SlipwayError } from "../errors.ts";

/** The region of a location, which is a region or one of its zones. */
export function regionOf(location: string): string {
  return location.replace(/-[a-z]$/, "");
}

/**
 * The zones that a pool at a location has nodes in, where it does not name them: a zone is itself, a
 * region is the three zones in which GKE makes a regional cluster. Throws a `SlipwayError` for anything
 * else.
 */
export function zonesOf(location: string, pool: string): readonly string[] {
  if (/^[a-z]+-[a-z]+\d+-[a-z]$/.test(location)) return [location];
  if (!/^[a-z]+-[a-z]+\d+$/.test(location)) {
    throw new SlipwayError(
      `Cannot simulate the nodes of pool "${pool}": its location "${location}" is neither a region such as "europe-west4" nor a zone such as "europe-west4-a"; correct "spec.location"`,
    );
  }
  return (letters[location] ?? ["a", "b", "c"]).map((letter) => `${location}-${letter}`);
}

/** Regions without a zone `a`: https://cloud.google.com/compute/docs/regions-zones */
const letters: Readonly<Record<string, readonly string[]>> = {
  "europe-west1": ["b", "c", "d"],
  "us-east1": ["b", "c", "d"],
};
