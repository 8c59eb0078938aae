/** The frames of certificates, course records and shares: docs/spec.md, sections 5 and 15.4. */
import { compareBytes, sameBytes } from "../crypto/digest.ts";
import { Refusal } from "../verdict.ts";
import { encodeHead, MAJOR } from "./head.ts";
import { joined } from "./joined.ts";
import {
  checkSizes,
  FAMILY,
  type FamilyRule,
  isEmptyMap,
  readFamilyHeader,
  readParts,
  type TokenParts,
} from "./token_parts.ts";
import type { Value } from "./values.ts";

export { type DocumentFrame, type DocumentType, readDocumentFrame } from "./document_frame.ts";

export const MAX_TOKEN = 41216;
export const MAX_PAYLOAD = 16384;
const MAX_RECORD = 40960;
const MAX_SHARE_PAYLOAD = 2048;
const DISCLOSURES = 17;
const MAX_DISCLOSURES = 512;
const MAX_DISCLOSURE = 16384;

const CERTIFICATE_TYPE = `${FAMILY}certificate`;
const RECORD_TYPE = `${FAMILY}record+sd-cwt`;

/** What steps 12 and 16 of section 5.2 ask of a token's type. */
const STATEMENTS: FamilyRule = {
  accepted: [CERTIFICATE_TYPE, RECORD_TYPE],
  refused: [`${FAMILY}issuer`, `${FAMILY}handover`, `${FAMILY}bundle`],
};

/** Before and after the record in the protected header of a share. */
const SHARE_HEADER_START = Uint8Array.of(0xa3, 0x01, 0x32, 0x0d);
const SHARE_HEADER_END = Uint8Array.of(0x10, 0x19, 0x01, 0x26);

/** Tag 18 and the head of an array of 4. */
const TOKEN_START = Uint8Array.of(0xd2, 0x84);
const EMPTY_MAP = Uint8Array.of(0xa0);
const EMPTY_BYTES = Uint8Array.of(0x40);
const SIGNATURE_1 = new TextEncoder().encode("Signature1");

/** A certificate or a course record as it came, its payload not looked at. */
export interface Frame {
  readonly kind: "certificate" | "record";
  readonly token: Uint8Array;
  readonly header: Uint8Array;
  readonly kid: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** What the byte strings hold, without their heads. Of a certificate none. */
  readonly disclosures: readonly Uint8Array[];
}

/** A share: the holder's signature around a course record. */
export interface ShareFrame {
  readonly kind: "share";
  readonly token: Uint8Array;
  readonly header: Uint8Array;
  readonly record: Frame;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** The tables of sections 5.2 and 15.4: the first fault in their order is the Refusal. */
export function readFrame(token: Uint8Array): Frame | ShareFrame {
  const parts = readParts(token, MAX_TOKEN);
  return isShare(parts) ? readShareFrame(parts) : readStatementFrame(parts);
}

/** The frame of a certificate from form 01, which says nothing else of it (section 7.1). */
export function certificateFrame(
  kid: Uint8Array,
  payload: Uint8Array,
  signature: Uint8Array,
): Frame {
  const type = new TextEncoder().encode(CERTIFICATE_TYPE);
  const header = joined(
    Uint8Array.of(0xa3, 0x01, 0x32, 0x04, 0x48),
    kid,
    Uint8Array.of(0x10),
    encodeHead(MAJOR.text, type.length),
    type,
  );
  const token = plainToken(header, payload, signature);
  return { kind: "certificate", token, header, kid, payload, signature, disclosures: [] };
}

/** The Sig_structure, which is what a signature covers (section 5.3). */
export function toBeSigned(header: Uint8Array, payload: Uint8Array): Uint8Array {
  return joined(
    encodeHead(MAJOR.array, 4),
    encodeHead(MAJOR.text, SIGNATURE_1.length),
    SIGNATURE_1,
    encodeHead(MAJOR.bytes, header.length),
    header,
    EMPTY_BYTES,
    encodeHead(MAJOR.bytes, payload.length),
    payload,
  );
}

/** The token that an issuer vouches for: the same whatever is disclosed (section 11.6). */
export function tokenWithoutDisclosures(frame: Frame): Uint8Array {
  return plainToken(frame.header, frame.payload, frame.signature);
}

function plainToken(header: Uint8Array, payload: Uint8Array, signature: Uint8Array): Uint8Array {
  return joined(
    TOKEN_START,
    encodeHead(MAJOR.bytes, header.length),
    header,
    EMPTY_MAP,
    encodeHead(MAJOR.bytes, payload.length),
    payload,
    encodeHead(MAJOR.bytes, signature.length),
    signature,
  );
}

function isShare({ header }: TokenParts): boolean {
  return sameBytes(header.subarray(0, SHARE_HEADER_START.length), SHARE_HEADER_START);
}

/** Steps 7 to 19 of section 5.2. */
function readStatementFrame(parts: TokenParts): Frame {
  const { token, header, unprotected, payload, signature } = parts;
  const { kid, type } = readFamilyHeader(header, STATEMENTS);
  const kind = type === RECORD_TYPE ? "record" : "certificate";
  const disclosures = kind === "record" ? readDisclosures(unprotected) : null;
  if (disclosures === null && !isEmptyMap(unprotected)) throw new Refusal("unprotected_header");
  if (kind === "record" && token.length > MAX_RECORD) throw new Refusal("too_large");
  checkSizes(parts, MAX_PAYLOAD);
  return { kind, token, header, kid, payload, signature, disclosures: disclosures ?? [] };
}

/** What a record discloses; null where its unprotected header is no map of disclosures. */
function readDisclosures(unprotected: Value): Uint8Array[] | null {
  if (!(unprotected instanceof Map) || unprotected.size !== 1) return null;
  const items = unprotected.get(DISCLOSURES);
  if (!Array.isArray(items) || items.length === 0 || items.length > MAX_DISCLOSURES) return null;
  const disclosures: Uint8Array[] = [];
  for (const item of items) {
    if (!(item instanceof Uint8Array) || item.length === 0 || item.length > MAX_DISCLOSURE) {
      return null;
    }
    const previous = disclosures.at(-1);
    if (previous !== undefined && !encodedBefore(previous, item)) return null;
    disclosures.push(item);
  }
  return disclosures;
}

/** Whether the one stands before the other with their heads, in which their lengths come first. */
function encodedBefore(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length ? compareBytes(a, b) < 0 : a.length < b.length;
}

/** Steps S1 to S7 of section 15.4. */
function readShareFrame(parts: TokenParts): ShareFrame {
  const { token, header, unprotected, payload, signature } = parts;
  const start = SHARE_HEADER_START.length;
  const end = header.length - SHARE_HEADER_END.length;
  if (end <= start || !sameBytes(header.subarray(end), SHARE_HEADER_END)) {
    throw new Refusal("not_a_token");
  }
  const within = readParts(header.subarray(start, end), MAX_TOKEN);
  if (isShare(within)) throw new Refusal("wrong_type");
  const record = readStatementFrame(within);
  if (record.kind !== "record") throw new Refusal("wrong_type");
  if (!isEmptyMap(unprotected)) throw new Refusal("unprotected_header");
  checkSizes(parts, MAX_SHARE_PAYLOAD);
  return { kind: "share", token, header, record, payload, signature };
}
