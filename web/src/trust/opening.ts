import { kidOf, toHex } from "../crypto/digest.ts";
import type { IssuerDocument, SigningKey } from "../statement/documents.ts";
import { Refusal } from "../verdict.ts";
import type { Reason } from "../verdict.ts";
import type { KeyEntry, KeyRevocation } from "./key_entry.ts";
import { readKeySet } from "./key_set.ts";
import { lookIn } from "./looking_in.ts";
import { walk } from "./walk.ts";
import type { Pin, Walked } from "./walk.ts";

/** A key that may sign status lists (section 12.3). */
export interface ListKey {
  readonly key: Uint8Array;
  readonly kid: Uint8Array;
  /** Null: a root of a final document, which has no period. */
  readonly period: {
    readonly validFrom: number;
    readonly validUntil: number;
    readonly retiredSince: number | null;
    readonly compromised: boolean;
  } | null;
}

export interface OpenedDocument {
  readonly kind: "document";
  readonly document: IssuerDocument;
  /** Where the walk ended. */
  readonly pin: Pin;
  readonly issuedAt: number;
  readonly entries: readonly KeyEntry[];
  readonly listKeys: readonly ListKey[];
}

export interface OpenedKeySet {
  readonly kind: "key set";
  readonly issuedAt: number | null;
  readonly entries: readonly KeyEntry[];
}

/** An issuer that cannot be used, with all its lists. */
export interface Refused {
  readonly kind: "refused";
  readonly reason: Reason;
}

export type Opened = OpenedDocument | OpenedKeySet | Refused;

/** "Opening an issuer", docs/spec.md, section 13.1. */
export function openIssuer(name: string, published: Uint8Array, pin: Pin | null): Promise<Opened> {
  return orRefused<Opened>(() =>
    pin === null ? openKeySet(name, published) : openDocument(name, published, pin),
  );
}

/** A walk's end, with the keys of the document by what they sign. */
export async function openedDocument({ document, pin }: Walked): Promise<OpenedDocument> {
  const entries = document.keys.map((key) => statementKey(document.issuer, key));
  const listKeys = document.final
    ? pin.roots.map(async (key) => ({ key, kid: await kidOf(key), period: null }))
    : document.keys.map(listKey);
  return {
    kind: "document",
    document,
    pin,
    issuedAt: document.issuedAt,
    entries: (await Promise.all(entries)).filter((entry) => entry !== null),
    listKeys: (await Promise.all(listKeys)).filter((entry) => entry !== null),
  };
}

export async function openKeySet(issuer: string, bytes: Uint8Array): Promise<OpenedKeySet> {
  return { kind: "key set", ...(await readKeySet(issuer, bytes)) };
}

/**
 * The kids that a bundle's index has to name for what is held of an issuer (section 13.1), in
 * hexadecimal, ascending: those of all Ed25519 keys, and of the roots of a final document.
 */
export async function indexedKids(opened: OpenedDocument | OpenedKeySet): Promise<string[]> {
  const kids = opened.entries.map((entry) => entry.kid);
  if (opened.kind === "document") {
    const { document, pin } = opened;
    const keys = document.keys.map((signingKey) => signingKey.key).filter((key) => key !== null);
    const others = document.final ? [...keys, ...pin.roots] : keys;
    kids.push(...(await Promise.all(others.map(kidOf))));
  }
  return [...new Set(kids.map(toHex))].sort();
}

/** What a refusal says, as a value; every other error is none of the input's doing. */
export async function orRefused<Found>(open: () => Promise<Found>): Promise<Found | Refused> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof Refusal) {
      return { kind: "refused", reason: error.reason };
    }
    throw error;
  }
}

async function openDocument(name: string, token: Uint8Array, pin: Pin): Promise<OpenedDocument> {
  const walked = await walk(lookIn(token), pin);
  if (walked.document.issuer !== name) {
    throw new Refusal("other_issuer");
  }
  return openedDocument(walked);
}

async function statementKey(issuer: string, signingKey: SigningKey): Promise<KeyEntry | null> {
  const { key, use, validFrom, validUntil, revocation } = signingKey;
  if (key === null || use !== "statements") {
    return null;
  }
  const kid = await kidOf(key);
  return {
    issuer,
    key,
    kid,
    notBefore: validFrom,
    notAfter: validUntil,
    revocation: revocation === null ? null : revocationOf(revocation),
  };
}

function revocationOf(revocation: NonNullable<SigningKey["revocation"]>): KeyRevocation {
  const { end, since, vouched } = revocation;
  return { end: end === "retired" ? "superseded" : "compromised", since, vouched };
}

async function listKey(signingKey: SigningKey): Promise<ListKey | null> {
  const { key, use, validFrom, validUntil, revocation } = signingKey;
  if (key === null || use !== "status") {
    return null;
  }
  const retiredSince = revocation?.end === "retired" ? revocation.since : null;
  const compromised = revocation?.end === "compromised";
  const kid = await kidOf(key);
  return { key, kid, period: { validFrom, validUntil, retiredSince, compromised } };
}
