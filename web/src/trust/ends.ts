import type { End } from "./held_issuer.ts";

/** The earlier of two ends, as far as there are any (section 13.4); of equal ones, the first. */
export function earlierEnd(first: End | null, second: End | null): End | null {
  if (first === null || second === null) {
    return first ?? second;
  }
  return second.nextUpdate < first.nextUpdate ? second : first;
}

/**
 * The end of an issuer that two stores hold (section 13.2): none, where either has none; otherwise
 * the later one; of equal ones, this store's.
 */
export function joinedEnd(mine: End | null, theirs: End | null): End | null {
  if (mine === null || theirs === null) {
    return null;
  }
  return theirs.nextUpdate > mine.nextUpdate ? theirs : mine;
}
