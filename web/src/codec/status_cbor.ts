/** The CBOR of status lists, which need not be deterministic: docs/spec.md, section 12.2. */
import { Refusal } from "../verdict.ts";
import { HeadReader, MAJOR, MAX_DEPTH, MAX_ITEMS } from "./head.ts";

export type StatusKey = number | bigint | string;

/** A value of another kind than those that a status list needs: a float by its bytes. */
export interface OtherValue {
  readonly kind: "float" | "simple";
  readonly bytes: Uint8Array;
}

export type StatusValue =
  | number
  | bigint
  | boolean
  | null
  | undefined
  | string
  | Uint8Array
  | OtherValue
  | StatusValue[]
  | Map<StatusKey, StatusValue>;

/**
 * One well-formed item, with nothing after it, as section 12.2 bounds it; otherwise a Refusal with
 * `not_deterministic`. Integers are numbers up to 2^53 - 1 in magnitude and bigints beyond; byte
 * strings are views of the input; maps have numbers, bigints and strings for keys; false, true,
 * null and undefined are JavaScript's own. Floats and the other simple values are an `OtherValue`,
 * so that none is taken for an integer.
 */
export function decodeStatusCbor(bytes: Uint8Array): StatusValue {
  return new StatusDecoder(bytes).whole();
}

class StatusDecoder {
  readonly #reader: HeadReader;
  #items = 1;

  constructor(bytes: Uint8Array) {
    this.#reader = new HeadReader(bytes);
  }

  whole(): StatusValue {
    const value = this.#item(0);
    if (this.#reader.left > 0) throw new Refusal("not_deterministic");
    return value;
  }

  #item(depth: number): StatusValue {
    if (depth > MAX_DEPTH) throw new Refusal("not_deterministic");
    const reader = this.#reader;
    reader.readHead();
    switch (reader.major) {
      case MAJOR.unsigned:
      case MAJOR.negative:
        return this.#integer();
      case MAJOR.bytes:
        return reader.readBytes();
      case MAJOR.text:
        return reader.readText();
      case MAJOR.array:
        return this.#array(depth);
      case MAJOR.map:
        return this.#map(depth);
      case MAJOR.simple:
        return this.#simple();
      default:
        throw new Refusal("not_deterministic");
    }
  }

  #integer(): number | bigint {
    const { argument, high, low, major, safe } = this.#reader;
    if (safe) {
      const value = major === MAJOR.unsigned ? argument : -1 - argument;
      if (Number.isSafeInteger(value)) return value;
    }
    const magnitude = (BigInt(high) << 32n) | BigInt(low);
    return major === MAJOR.unsigned ? magnitude : -1n - magnitude;
  }

  #array(depth: number): StatusValue[] {
    const length = this.#announced(1);
    const items: StatusValue[] = [];
    for (let i = 0; i < length; i++) items.push(this.#item(depth + 1));
    return items;
  }

  #map(depth: number): Map<StatusKey, StatusValue> {
    const length = this.#announced(2);
    const map = new Map<StatusKey, StatusValue>();
    for (let i = 0; i < length; i++) {
      const key = this.#item(depth + 1);
      if (typeof key !== "number" && typeof key !== "bigint" && typeof key !== "string") {
        throw new Refusal("not_deterministic");
      }
      if (map.has(key)) throw new Refusal("not_deterministic");
      map.set(key, this.#item(depth + 1));
    }
    return map;
  }

  #simple(): StatusValue {
    const { argument, high, information, low } = this.#reader;
    if (information === 20) return false;
    if (information === 21) return true;
    if (information === 22) return null;
    if (information === 23) return undefined;
    if (information < 24) return { kind: "simple", bytes: Uint8Array.of(argument) };
    if (information === 24) {
      // RFC 8949, section 3.3: the values below 32 have no second encoding.
      if (argument < 32) throw new Refusal("not_deterministic");
      return { kind: "simple", bytes: Uint8Array.of(argument) };
    }
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, high);
    view.setUint32(4, low);
    // 25, 26 and 27 stand for the last two, four and eight bytes.
    return { kind: "float", bytes: bytes.slice(-(1 << (information - 24))) };
  }

  #announced(itemsEach: number): number {
    const { argument, left } = this.#reader;
    const items = argument * itemsEach;
    this.#items += items;
    if (items > left || this.#items > MAX_ITEMS) throw new Refusal("not_deterministic");
    return argument;
  }
}
