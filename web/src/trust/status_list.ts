import { decodeStatusCbor } from "../codec/cbor.ts";
import { toBeSigned } from "../codec/frame.ts";
import { inflateZlib } from "../codec/inflate.ts";
import { sameBytes } from "../crypto/digest.ts";
import { accepts } from "../crypto/ed25519.ts";
import { Refusal } from "../verdict.ts";
import type { ListKey, OpenedDocument } from "./opening.ts";
import { isMoment, LAST_MOMENT } from "./moment.ts";
import type { StatusToken } from "./status_token.ts";

/** A list that its issuer signed (section 12.2), before what it holds is unpacked. */
export interface SignedList {
  readonly number: number;
  readonly issuedAt: number;
  readonly notBefore: number | null;
  /** When it grows stale (section 12.4); null: never. */
  readonly end: number | null;
  readonly bits: number;
  readonly compressed: Uint8Array;
}

/** An opened list (section 12.1). */
export interface StatusList {
  readonly number: number;
  readonly issuedAt: number;
  readonly notBefore: number | null;
  readonly end: number | null;
  readonly bits: number;
  readonly array: Uint8Array;
}

interface ListClaims {
  readonly subject: string;
  readonly issuedAt: number;
  readonly expiresAt: number | null;
  readonly notBefore: number | null;
  readonly lifetime: number | null;
  readonly bits: number;
  readonly compressed: Uint8Array;
}

const ED25519 = -19;
const MAX_ARRAY = 33_554_432;
const SEVEN_DAYS = 604_800;
const SUB = 2;
const EXP = 4;
const NBF = 5;
const IAT = 6;
const STATUS_LIST = 65533;
const TTL = 65534;
const NUMBER = "{number}";
const URI = /^[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
const DECIMAL = /^(?:0|[1-9][0-9]*)$/;

/**
 * Rules 9 and 10 of section 12.2 and section 12.3 of docs/spec.md. Where no reason is named there,
 * `status_list_refused`.
 */
export async function acceptList(token: StatusToken, opened: OpenedDocument): Promise<SignedList> {
  const key = await findListKey(token, opened.listKeys);
  if (key === null) {
    throw new Refusal("status_list_refused");
  }
  const claims = readClaims(token.payload);
  const number = listNumber(opened.document.statusLists, claims.subject);
  if (number === null || !isGoodFor(key, claims.issuedAt)) {
    throw new Refusal("status_list_refused");
  }
  const { issuedAt, notBefore, bits, compressed } = claims;
  return { number, issuedAt, notBefore, end: endOf(claims, key), bits, compressed };
}

/** Section 12.5. */
export function unpackList(list: SignedList): StatusList {
  const array = inflateZlib(list.compressed, MAX_ARRAY);
  if (array.length === 0) {
    throw new Refusal("schema_violation");
  }
  const { number, issuedAt, notBefore, end, bits } = list;
  return { number, issuedAt, notBefore, end, bits, array };
}

/** Entry of a list (section 12.5); null where it has none at this index. */
export function entryAt(list: StatusList, index: number): number | null {
  const { bits, array } = list;
  if (index >= Math.floor((8 * array.length) / bits)) {
    return null;
  }
  const byte = array[Math.floor((index * bits) / 8)];
  return byte === undefined ? null : (byte >> ((index * bits) % 8)) & (2 ** bits - 1);
}

async function findListKey(token: StatusToken, keys: readonly ListKey[]): Promise<ListKey | null> {
  const { kid } = token;
  if (token.algorithm !== ED25519 || kid === null) {
    return null;
  }
  const signed = toBeSigned(token.header, token.payload);
  for (const listKey of keys) {
    if (sameBytes(listKey.kid, kid) && (await accepts(listKey.key, signed, token.signature))) {
      return listKey;
    }
  }
  return null;
}

/** Section 12.3: a root has no period; a key must have been good on the day of the list. */
function isGoodFor(key: ListKey, issuedAt: number): boolean {
  const { period } = key;
  return (
    period === null ||
    (!period.compromised &&
      period.validFrom <= issuedAt &&
      issuedAt < period.validUntil &&
      (period.retiredSince === null || issuedAt < period.retiredSince))
  );
}

function endOf(claims: ListClaims, key: ListKey): number | null {
  if (claims.expiresAt !== null || key.period === null) {
    return claims.expiresAt;
  }
  if (claims.lifetime !== null) {
    return claims.issuedAt + claims.lifetime;
  }
  const end = claims.issuedAt + SEVEN_DAYS;
  return end > LAST_MOMENT ? claims.issuedAt : end;
}

/** The number whose URI this is; null where none of the issuer's lists has it. */
function listNumber(template: string | null, subject: string): number | null {
  const [before, after] = template?.split(NUMBER) ?? [];
  if (before === undefined || after === undefined) {
    return null;
  }
  const digits = subject.slice(before.length, subject.length - after.length);
  const number = Number(digits);
  const fits = DECIMAL.test(digits) && Number.isSafeInteger(number);
  return fits && subject === before + digits + after ? number : null;
}

function violation(): never {
  throw new Refusal("schema_violation");
}

function readClaims(payload: Uint8Array): ListClaims {
  const claims = decodeStatusCbor(payload);
  if (!(claims instanceof Map)) {
    return violation();
  }
  const subject: unknown = claims.get(SUB);
  const list: unknown = claims.get(STATUS_LIST);
  const issuedAt = momentOrNone(claims, IAT) ?? violation();
  if (typeof subject !== "string" || !URI.test(subject) || !(list instanceof Map)) {
    return violation();
  }
  return {
    subject,
    issuedAt,
    expiresAt: momentOrNone(claims, EXP),
    notBefore: momentOrNone(claims, NBF),
    lifetime: lifetimeOf(claims, issuedAt),
    ...arrayOf(list),
  };
}

function arrayOf(list: ReadonlyMap<unknown, unknown>): { bits: number; compressed: Uint8Array } {
  const bits = list.get("bits");
  const compressed = list.get("lst");
  const aggregation = list.get("aggregation_uri");
  const hasBits = bits === 1 || bits === 2 || bits === 4 || bits === 8;
  if (!hasBits || !(compressed instanceof Uint8Array)) {
    return violation();
  }
  if (list.has("aggregation_uri") && typeof aggregation !== "string") {
    return violation();
  }
  return { bits, compressed };
}

/** A claim that is CBOR's null or undefined is there, and no moment. */
function momentOrNone(claims: ReadonlyMap<unknown, unknown>, label: number): number | null {
  const value = claims.get(label);
  if (!claims.has(label)) {
    return null;
  }
  return isMoment(value) ? value : violation();
}

function lifetimeOf(claims: ReadonlyMap<unknown, unknown>, issuedAt: number): number | null {
  const lifetime = momentOrNone(claims, TTL);
  if (lifetime !== null && (lifetime < 1 || lifetime > LAST_MOMENT - issuedAt)) {
    return violation();
  }
  return lifetime;
}
