import { decodeStatusCbor } from "../codec/cbor.ts";
import { Refusal } from "../verdict.ts";

/** A Status List Token, before anybody's key was asked: rules 1 to 8 of section 12.2. */
export interface StatusToken {
  readonly header: Uint8Array;
  readonly algorithm: number | bigint;
  /** Null where the token has none: well-formed, and refused by rule 9. */
  readonly kid: Uint8Array | null;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

const MAX_BYTES = 16_777_216;
const TAG = 6;
const COSE_SIGN1 = 18n;
const ALG = 1;
const CRIT = 2;
const KID = 4;
const TYP = 16;
const STATUS_LIST = "application/statuslist+cwt";

/** Rules 1 to 8 of section 12.2 of docs/spec.md, in this order, with their reasons. */
export function readStatusToken(bytes: Uint8Array): StatusToken {
  if (bytes.length === 0) {
    throw new Refusal("empty_input");
  }
  if (bytes.length > MAX_BYTES) {
    throw new Refusal("too_large");
  }
  const content = decodeStatusCbor(afterTag(bytes));
  if (!Array.isArray(content) || content.length !== 4) {
    throw new Refusal("not_a_token");
  }
  const [header, unprotectedHeader, payload, signature]: unknown[] = content;
  if (
    !(header instanceof Uint8Array) ||
    !(unprotectedHeader instanceof Map) ||
    !(payload instanceof Uint8Array) ||
    !(signature instanceof Uint8Array)
  ) {
    throw new Refusal("not_a_token");
  }
  const protectedHeader = header.length === 0 ? new Map() : decodeStatusCbor(header);
  if (!(protectedHeader instanceof Map)) {
    throw new Refusal("not_a_token");
  }
  if (!protectedHeader.has(ALG)) {
    throw new Refusal("missing_header");
  }
  const algorithm: unknown = protectedHeader.get(ALG);
  if (!isInteger(algorithm)) {
    throw new Refusal("wrong_algorithm");
  }
  if (protectedHeader.get(TYP) !== STATUS_LIST) {
    throw new Refusal("wrong_type");
  }
  if (protectedHeader.has(CRIT) || unprotectedHeader.has(CRIT)) {
    throw new Refusal("extra_header");
  }
  const kid = kidIn(protectedHeader) ?? kidIn(unprotectedHeader);
  return { header, algorithm, kid, payload, signature };
}

/** Null where the header has none: CBOR's undefined is a value, and no byte string. */
function kidIn(header: ReadonlyMap<unknown, unknown>): Uint8Array | null {
  const kid = header.get(KID);
  if (header.has(KID) && !(kid instanceof Uint8Array)) {
    throw new Refusal("not_a_token");
  }
  return kid instanceof Uint8Array ? kid : null;
}

/** Integers are numbers and bigints; the decoder has floats as objects of their own. */
function isInteger(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** What stands behind tag 18, whose head may be longer than it need be. */
function afterTag(bytes: Uint8Array): Uint8Array {
  const [first = 0] = bytes;
  const additional = first & 31;
  const more = additional < 24 ? 0 : 1 << (additional - 24);
  if (first >> 5 !== TAG || additional > 27 || bytes.length < 1 + more) {
    throw new Refusal("not_a_token");
  }
  let tag = more === 0 ? BigInt(additional) : 0n;
  for (const byte of bytes.subarray(1, 1 + more)) {
    tag = (tag << 8n) | BigInt(byte);
  }
  if (tag !== COSE_SIGN1) {
    throw new Refusal("not_a_token");
  }
  return bytes.subarray(1 + more);
}
