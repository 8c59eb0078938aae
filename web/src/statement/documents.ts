/** Issuer documents and handovers: docs/spec.md, section 11.2. */
import { decode } from "../codec/cbor.ts";
import { compareBytes } from "../crypto/digest.ts";
import { openPayload, readPayload } from "./claims.ts";
import { coseKey } from "./cose_key.ts";
import { demand, Faults, type PlainKind } from "./kind.ts";
import { byteString, integer, seconds } from "./quantities.ts";
import {
  arrayOf,
  asJson,
  enumeration,
  type Fields,
  flag,
  model,
  orBareText,
  REQUIRED,
} from "./table.ts";
import { issuer, language, line, template, url } from "./text.ts";

export { coseKey } from "./cose_key.ts";
export { isIssuer } from "./text.ts";

export interface SigningKey {
  /** 32 bytes; null where the key is of another kind than Ed25519. */
  readonly key: Uint8Array | null;
  readonly use: "statements" | "status";
  /** Moments in seconds since 1970 in UTC. */
  readonly validFrom: number;
  readonly validUntil: number;
  readonly revocation: Revocation | null;
}

export interface Revocation {
  readonly end: "retired" | "compromised";
  readonly since: number;
  readonly why?: string;
  /** Digests of 16 bytes, one after the other, ascending. */
  readonly vouched: Uint8Array | null;
}

export interface IssuerDocument {
  readonly issuer: string;
  readonly issuedAt: number;
  readonly version: number;
  readonly nextUpdate: number | null;
  readonly final: boolean;
  readonly names: readonly { readonly name: string; readonly language?: string }[];
  readonly homePage?: string;
  readonly verifyUrl?: string;
  /** The Ed25519 ones, in order. */
  readonly roots: readonly Uint8Array[];
  /** Tokens: the one of epoch n at place n. */
  readonly handovers: readonly Uint8Array[];
  readonly keys: readonly SigningKey[];
  /** The template of the lists' URIs. */
  readonly statusLists: string | null;
}

export interface Handover {
  readonly issuer: string;
  readonly issuedAt: number;
  readonly epoch: number;
  /** The Ed25519 ones, in order. */
  readonly roots: readonly Uint8Array[];
}

/** A key with its encoding, by which two keys of whatever kind are the same or not. */
interface ListedKey {
  readonly key: Uint8Array | null;
  readonly encoding: string;
}

interface ListedRevocation {
  readonly end: "retired" | "compromised";
  readonly since: number;
  readonly why?: string;
  readonly vouched?: Uint8Array;
}

interface ListedSigningKey {
  readonly key: ListedKey;
  readonly use: "statements" | "status";
  readonly validFrom: number;
  readonly validUntil: number;
  readonly revocation?: ListedRevocation;
}

interface Body {
  readonly version: number;
  readonly nextUpdate?: number;
  readonly final?: true;
  readonly names?: IssuerDocument["names"];
  readonly homePage?: string;
  readonly verifyUrl?: string;
  readonly roots: readonly ListedKey[];
  readonly handovers: readonly Uint8Array[];
  readonly keys?: readonly ListedSigningKey[];
  readonly statusLists?: string;
}

const CLAIMS: Fields<Pick<IssuerDocument, "issuer" | "issuedAt">> = {
  issuer: [1, issuer, REQUIRED],
  issuedAt: [6, seconds, REQUIRED],
};

const listedKey: PlainKind<ListedKey> = (value) => {
  const key = coseKey(value);
  demand(key !== "malformed");
  return { key, encoding: JSON.stringify(asJson(value)) };
};

const VOUCHED_BYTES = 16;
const vouchedBytes = byteString(VOUCHED_BYTES, 67108864);

const vouched: PlainKind<Uint8Array> = (value) => {
  const digests = vouchedBytes(value);
  demand(digests.length % VOUCHED_BYTES === 0);
  return digests;
};

const revocation = model<ListedRevocation>({
  end: [0, enumeration("retired", "compromised"), REQUIRED],
  since: [1, seconds, REQUIRED],
  why: [2, line(500)],
  vouched: [3, vouched],
});

const signingKey = model<ListedSigningKey>({
  key: [0, listedKey, REQUIRED],
  use: [1, enumeration("statements", "status"), REQUIRED],
  validFrom: [2, seconds, REQUIRED],
  validUntil: [3, seconds, REQUIRED],
  revocation: [4, revocation],
});

const localName = orBareText<IssuerDocument["names"][number]>(
  { name: [0, line(300), REQUIRED], language: [1, language] },
  "name",
);

const fromOne = integer(1, Number.MAX_SAFE_INTEGER);
const roots = arrayOf(16, listedKey);

const DOCUMENT: Fields<Body> = {
  version: [0, fromOne, REQUIRED],
  nextUpdate: [1, seconds],
  final: [2, flag],
  names: [3, arrayOf(50, localName)],
  homePage: [4, url],
  verifyUrl: [5, url],
  roots: [6, roots, REQUIRED],
  handovers: [7, arrayOf(100, byteString(1, 16384)), REQUIRED],
  keys: [8, arrayOf(150, signingKey)],
  statusLists: [9, template],
};

const HANDOVER: Fields<{ readonly epoch: number; readonly roots: readonly ListedKey[] }> = {
  epoch: [0, fromOne, REQUIRED],
  roots: [1, roots, REQUIRED],
};

/** The payload of an issuer document. Throws a Refusal with the reason of sections 6.3 and 11.2. */
export function readIssuerDocument(payload: Uint8Array): IssuerDocument {
  const faults = new Faults();
  const read = readPayload(openPayload(decode(payload)), CLAIMS, DOCUMENT, faults);
  faults.settle();
  const keys = read.keys ?? [];
  const { issuedAt, nextUpdate, final } = read;
  demand((final === undefined) !== (nextUpdate === undefined));
  demand(nextUpdate === undefined || nextUpdate > issuedAt);
  const all = [...read.roots, ...keys.map(({ key }) => key)];
  demand(new Set(all.map(({ encoding }) => encoding)).size === all.length);
  keys.forEach(checkKey);
  return {
    ...read,
    nextUpdate: nextUpdate ?? null,
    final: final ?? false,
    names: read.names ?? [],
    roots: ed25519(read.roots),
    keys: keys.map((listed) => ({
      ...listed,
      key: listed.key.key,
      revocation: listed.revocation
        ? { ...listed.revocation, vouched: listed.revocation.vouched ?? null }
        : null,
    })),
    statusLists: read.statusLists ?? null,
  };
}

/** The payload of a handover; likewise. */
export function readHandover(payload: Uint8Array): Handover {
  const faults = new Faults();
  const read = readPayload(openPayload(decode(payload)), CLAIMS, HANDOVER, faults);
  faults.settle();
  return { ...read, roots: ed25519(read.roots) };
}

/** Rules 4 to 6. */
function checkKey({ use, validFrom, validUntil, revocation: ended }: ListedSigningKey): void {
  demand(validUntil > validFrom);
  const digests = ended?.vouched;
  if (ended === undefined || digests === undefined) return;
  demand(ended.end === "compromised" && use === "statements");
  for (let at = VOUCHED_BYTES; at < digests.length; at += VOUCHED_BYTES) {
    const before = digests.subarray(at - VOUCHED_BYTES, at);
    demand(compareBytes(before, digests.subarray(at, at + VOUCHED_BYTES)) < 0);
  }
}

function ed25519(keys: readonly ListedKey[]): Uint8Array[] {
  return keys.flatMap(({ key }) => (key === null ? [] : [key]));
}
