/**
 * Heads of CBOR items: RFC 8949, section 3. Shared by the strict profile (docs/spec.md, section
 * 4.1) and by the CBOR of status lists (section 12.2).
 */
import { Refusal } from "../verdict.ts";

export const MAJOR = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const;

/** Items in all, and arrays and maps around any of them: section 4.1, rules 7 and 8. */
export const MAX_ITEMS = 4096;
export const MAX_DEPTH = 8;

const TWO_32 = 2 ** 32;
/** The high half of 2^53 - 1. */
const SAFE_HIGH = 2 ** 21 - 1;

// A leading U+FEFF is part of a text like any other code point: ignoreBOM keeps it.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The head with this major type and argument, as short as it can be. Up to 2^53 - 1. */
export function encodeHead(major: number, length: number): Uint8Array {
  if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`no length: ${length}`);
  const first = major << 5;
  if (length < 24) return Uint8Array.of(first | length);
  if (length < 0x100) return Uint8Array.of(first | 24, length);
  if (length < 0x10000) return Uint8Array.of(first | 25, length >> 8, length);
  const wide = length >= TWO_32;
  const head = new Uint8Array(wide ? 9 : 5);
  const view = new DataView(head.buffer);
  head[0] = first | (wide ? 27 : 26);
  if (wide) view.setUint32(1, Math.floor(length / TWO_32));
  view.setUint32(wide ? 5 : 1, length % TWO_32);
  return head;
}

/**
 * Reads heads and strings one after the other. Whatever is missing, reserved, indefinite or not
 * UTF-8 is refused with `not_deterministic`.
 */
export class HeadReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;
  /** Of the head that was read last. */
  major = 0;
  /** The low five bits of its first byte. */
  information = 0;
  /** Exact where `safe`; otherwise `high` and `low` are. */
  argument = 0;
  high = 0;
  low = 0;
  safe = true;
  /** Whether the head was as short as it can be. */
  shortest = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#position;
  }

  readHead(): void {
    const first = this.#view.getUint8(this.#advance(1));
    const information = first & 0x1f;
    this.major = first >> 5;
    this.information = information;
    this.high = 0;
    if (information < 24) {
      this.low = information;
      this.shortest = true;
    } else if (information === 24) {
      this.low = this.#view.getUint8(this.#advance(1));
      this.shortest = this.low >= 24;
    } else if (information === 25) {
      this.low = this.#view.getUint16(this.#advance(2));
      this.shortest = this.low >= 0x100;
    } else if (information === 26) {
      this.low = this.#view.getUint32(this.#advance(4));
      this.shortest = this.low >= 0x10000;
    } else if (information === 27) {
      const start = this.#advance(8);
      this.high = this.#view.getUint32(start);
      this.low = this.#view.getUint32(start + 4);
      this.shortest = this.high > 0;
    } else {
      throw new Refusal("not_deterministic");
    }
    this.safe = this.high <= SAFE_HIGH;
    this.argument = this.high * TWO_32 + this.low;
  }

  /** The bytes of a byte string whose head was just read; a view, not a copy. */
  readBytes(): Uint8Array {
    const start = this.#advance(this.argument);
    return this.#bytes.subarray(start, this.#position);
  }

  /** The text whose head was just read. */
  readText(): string {
    const bytes = this.readBytes();
    try {
      return utf8.decode(bytes);
    } catch {
      throw new Refusal("not_deterministic");
    }
  }

  /** Moves on by so many bytes, and gives the position before. */
  #advance(count: number): number {
    if (count > this.left) throw new Refusal("not_deterministic");
    const start = this.#position;
    this.#position += count;
    return start;
  }
}
