/** What is kept, and its form in storage. What cannot be read back is dropped, and said so. */
import { TrustStore } from "../trust/store.ts";

/** What this page's own origin published. */
export interface PageTrust {
  readonly store: TrustStore;
  /** Issuer → when this browser pinned it, in milliseconds since 1970. */
  readonly firstSeen: ReadonlyMap<string, number>;
  /** Issuer → when its document was last fetched, likewise. */
  readonly lastFetched: ReadonlyMap<string, number>;
}

export interface KeptFile {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly importedAt: number;
  /** The key its signature was checked with, in hexadecimal; null: it came unsigned. */
  readonly operator: string | null;
}

/** What the person gave this page as a file. */
export interface FileTrust {
  readonly store: TrustStore;
  readonly file: KeptFile;
}

export function noPageTrust(): PageTrust {
  return { store: TrustStore.empty(), firstSeen: new Map(), lastFetched: new Map() };
}

/** One kind of thing that is kept: its name, and how it is written and read. */
export interface Kind<T> {
  readonly name: "page" | "file";
  toStorage(value: T): unknown;
  /** Throws where it is not what `toStorage` gave. */
  fromStorage(stored: unknown): T;
}

function record(stored: unknown): Record<string, unknown> {
  if (typeof stored !== "object" || stored === null) throw new TypeError("not an object");
  return Object.fromEntries(Object.entries(stored));
}

function storeFrom(stored: unknown): TrustStore {
  if (!(stored instanceof Uint8Array)) throw new TypeError("not bytes");
  return TrustStore.fromBundle(stored);
}

function momentsFrom(stored: unknown): ReadonlyMap<string, number> {
  const moments = new Map<string, number>();
  if (!(stored instanceof Map)) throw new TypeError("not a map");
  for (const [issuer, moment] of stored) {
    const pair = typeof issuer === "string" && typeof moment === "number";
    if (!pair) throw new TypeError("not a moment");
    moments.set(issuer, moment);
  }
  return moments;
}

export const PAGE: Kind<PageTrust> = {
  name: "page",
  toStorage: ({ store, firstSeen, lastFetched }) => ({
    bundle: store.toBundle(),
    firstSeen,
    lastFetched,
  }),
  fromStorage(stored) {
    const { bundle, firstSeen, lastFetched } = record(stored);
    return {
      store: storeFrom(bundle),
      firstSeen: momentsFrom(firstSeen),
      lastFetched: momentsFrom(lastFetched),
    };
  },
};

export const FILE: Kind<FileTrust> = {
  name: "file",
  toStorage: ({ store, file }) => ({ bundle: store.toBundle(), ...file }),
  fromStorage(stored) {
    const { bundle, name, importedAt, operator } = record(stored);
    if (typeof name !== "string" || typeof importedAt !== "number") throw new TypeError("no name");
    if (typeof operator !== "string" && operator !== null) throw new TypeError("no operator");
    return { store: storeFrom(bundle), file: { name, importedAt, operator } };
  },
};
