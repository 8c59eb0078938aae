import type { Frame } from "../codec/frame.ts";
import { toBeSigned } from "../codec/frame.ts";
import { sameBytes, toHex } from "../crypto/digest.ts";
import { accepts } from "../crypto/ed25519.ts";
import type { KeyEntry } from "../trust/key_entry.ts";
import type { TrustStore } from "../trust/store.ts";

/** Whose keys may have signed: step 2 of section 9.2. */
export interface Candidates {
  readonly entries: readonly KeyEntry[];
  /** An issuer that may have the key is in the store, but cannot be used. */
  readonly isOneRefused: boolean;
}

export async function findCandidates(store: TrustStore, kid: Uint8Array): Promise<Candidates> {
  const entries: KeyEntry[] = [];
  let isOneRefused = false;
  for (const held of store.mayHave(kid)) {
    const opened = await held.open();
    if (opened.kind === "refused") {
      isOneRefused = true;
    } else {
      entries.push(...opened.entries.filter((entry) => sameBytes(entry.kid, kid)));
    }
  }
  return { entries, isOneRefused };
}

/** Step 3: the public key that accepts the signature, or null. */
export async function acceptingKey(
  frame: Frame,
  entries: readonly KeyEntry[],
): Promise<Uint8Array | null> {
  const signed = toBeSigned(frame.header, frame.payload);
  const keys = new Map(entries.map(({ key }) => [toHex(key), key]));
  for (const key of keys.values()) {
    if (await accepts(key, signed, frame.signature)) {
      return key;
    }
  }
  return null;
}

/**
 * Step 5: the issuer's own entry for the key, whatever the index says; null where it has none, and
 * "refused" where that cannot be said.
 */
export async function entryOf(
  store: TrustStore,
  issuer: string,
  key: Uint8Array,
): Promise<KeyEntry | "refused" | null> {
  const opened = await store.held(issuer)?.open();
  if (opened === undefined || opened.kind === "refused") {
    return opened === undefined ? null : "refused";
  }
  return opened.entries.find((entry) => sameBytes(entry.key, key)) ?? null;
}
