/**
 * Whether anything was ever kept, told without waiting for the database: at a first visit, opening
 * it takes longer than everything else. It is only a hint. What the database holds is what counts.
 */
const HINT = "signedcert.kept";

export function wasKept(): boolean {
  try {
    return localStorage.getItem(HINT) !== null;
  } catch {
    return true; // not known: so it is waited for
  }
}

export function noteKept(): void {
  try {
    localStorage.setItem(HINT, "yes");
  } catch {
    // The next visit waits for the database.
  }
}
