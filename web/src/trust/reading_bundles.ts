import { decode } from "../codec/cbor.ts";
import type { Value, ValueMap } from "../codec/values.ts";
import { compareBytes, toHex } from "../crypto/digest.ts";
import { isIssuer } from "../statement/documents.ts";
import { Refusal } from "../verdict.ts";
import { HeldIssuer } from "./held_issuer.ts";
import type { End } from "./held_issuer.ts";
import { isMoment } from "./moment.ts";
import type { Pin } from "./walk.ts";

/** A trust store as a file has it. */
export interface Bundle {
  readonly issuedAt: number | null;
  readonly nextUpdate: number | null;
  /** In the order of their names. */
  readonly issuers: readonly HeldIssuer[];
}

export const MAX_BUNDLE_BYTES = 1_073_741_824;
export const FORMAT = 1;
/** A kid of 8 bytes and a position of 4. */
const RECORD_BYTES = 12;
const KID_BYTES = 8;
const BOUNDS = { maxItems: 4_194_304, maxMapEntries: 16 };
const LABELS: readonly unknown[] = [0, 1, 2, 3, 4];
const MAX_ROOTS = 16;
const ROOT_BYTES = 32;

/** How many items an issuer has, of each kind, without an end and with one. */
const PINNED = [5, 7];
const BY_KEY_SET = [2, 4];

/**
 * A bundle, laid out as section 13.1 of docs/spec.md says, or a refusal with the reason given
 * there. What is held of its issuers is not looked into.
 */
export function readBundle(bytes: Uint8Array): Bundle {
  if (bytes.length > MAX_BUNDLE_BYTES) {
    throw new Refusal("too_large");
  }
  const bundle = decode(bytes, BOUNDS);
  if (!(bundle instanceof Map)) {
    return violation();
  }
  const format = bundle.get(0);
  if (typeof format !== "number") {
    return violation();
  }
  if (format !== FORMAT) {
    throw new Refusal("newer_format");
  }
  if ([...bundle.keys()].some((label) => !LABELS.includes(label))) {
    violation();
  }
  const { issuedAt, nextUpdate } = endOfWhole(bundle);
  const rows = arrayOf(bundle.get(3)).map((row) => arrayOf(row));
  const kids = readIndex(bytesOf(bundle.get(4)), rows.length);
  const issuers = rows.map((row, place) => readIssuer(row, kids[place] ?? []));
  if (!isAscending(issuers.map((issuer) => issuer.content.name))) {
    violation();
  }
  return { issuedAt, nextUpdate, issuers };
}

function violation(): never {
  throw new Refusal("schema_violation");
}

function endOfWhole(bundle: ValueMap): Pick<Bundle, "issuedAt" | "nextUpdate"> {
  const issuedAt = bundle.get(1);
  const nextUpdate = bundle.get(2);
  if (nextUpdate !== undefined && issuedAt === undefined) {
    violation();
  }
  return {
    issuedAt: issuedAt === undefined ? null : momentOf(issuedAt),
    nextUpdate: nextUpdate === undefined ? null : momentOf(nextUpdate),
  };
}

function readIssuer(row: readonly Value[], kids: readonly string[]): HeldIssuer {
  const isPinned = PINNED.includes(row.length);
  if (!isPinned && !BY_KEY_SET.includes(row.length)) {
    violation();
  }
  const [name, published, epoch, roots, lists] = row;
  if (typeof name !== "string" || !isIssuer(name)) {
    return violation();
  }
  return new HeldIssuer({
    name,
    published: bytesOf(published),
    pin: isPinned ? pinOf(epoch, roots) : null,
    lists: isPinned ? listsOf(lists) : new Map(),
    end: row.length === PINNED[0] || row.length === BY_KEY_SET[0] ? null : endOf(row.slice(-2)),
    kids,
  });
}

function pinOf(epoch: Value | undefined, listed: Value | undefined): Pin {
  const roots = arrayOf(listed).map(bytesOf);
  if (typeof epoch !== "number" || epoch < 1 || roots.length > MAX_ROOTS) {
    return violation();
  }
  const isRepeated = new Set(roots.map(toHex)).size !== roots.length;
  if (isRepeated || roots.some((root) => root.length !== ROOT_BYTES)) {
    violation();
  }
  return { epoch, roots };
}

function listsOf(value: Value | undefined): ReadonlyMap<number, Uint8Array> {
  const lists = new Map<number, Uint8Array>();
  let last = -1;
  for (const row of arrayOf(value)) {
    const [number, list, ...more] = arrayOf(row);
    if (typeof number !== "number" || number <= last || more.length > 0) {
      return violation();
    }
    lists.set(number, bytesOf(list));
    last = number;
  }
  return lists;
}

function endOf([issuedAt, nextUpdate]: readonly Value[]): End {
  return { issuedAt: momentOf(issuedAt), nextUpdate: momentOf(nextUpdate) };
}

/** Of each position, the kids that the records of the index give it. */
function readIndex(index: Uint8Array, issuers: number): readonly (readonly string[])[] {
  const kids: string[][] = Array.from({ length: issuers }, () => []);
  if (index.length % RECORD_BYTES !== 0) {
    violation();
  }
  let before: Uint8Array | null = null;
  for (let at = 0; at < index.length; at += RECORD_BYTES) {
    const record = index.subarray(at, at + RECORD_BYTES);
    const position = new DataView(record.buffer, record.byteOffset).getUint32(KID_BYTES);
    const ofIssuer = kids[position];
    if (ofIssuer === undefined || (before !== null && compareBytes(before, record) >= 0)) {
      return violation();
    }
    ofIssuer.push(toHex(record.subarray(0, KID_BYTES)));
    before = record;
  }
  return kids;
}

/** Names are ASCII: the order of their code units is that of their bytes. */
function isAscending(names: readonly string[]): boolean {
  return names.every((name, place) => {
    const before = names[place - 1];
    return before === undefined || before < name;
  });
}

function arrayOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value : violation();
}

function bytesOf(value: Value | undefined): Uint8Array {
  return value instanceof Uint8Array ? value : violation();
}

function momentOf(value: Value | undefined): number {
  return isMoment(value) ? value : violation();
}
