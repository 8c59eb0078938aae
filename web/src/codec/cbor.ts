/** The CBOR profile of payloads, protected headers and frames: docs/spec.md, section 4.1. */
import { Refusal } from "../verdict.ts";
import { HeadReader, MAJOR, MAX_DEPTH, MAX_ITEMS } from "./head.ts";
import { type Key, SIMPLE_59, type Value, type ValueMap } from "./values.ts";

export { encodeHead } from "./head.ts";
export { decodeStatusCbor, type StatusValue } from "./status_cbor.ts";

/** What a kind of input is allowed to have otherwise than section 4.1 says (section 13.1). */
export interface Bounds {
  /** Items in all, keys included: 4,096 unless said otherwise. */
  readonly maxItems?: number;
  /** Arrays and maps around any item: 8 unless said otherwise. */
  readonly maxDepth?: number;
  /** Entries of any one map: not bounded by itself unless said otherwise. */
  readonly maxMapEntries?: number;
}

/** The claim with the body (section 6.1). */
const BODY = -65537;
const FALSE = 20;
const TRUE = 21;

/** Where simple(59) may be a key: in the map under claim -65537 of a record (section 15.2). */
type Place = "claims" | "body" | "elsewhere";

/**
 * One item of the profile, with nothing after it; otherwise a Refusal with `not_deterministic`.
 * Byte strings are views of the input: they cost no memory of their own, and change with it.
 */
export function decode(bytes: Uint8Array, bounds: Bounds = {}): Value {
  return new Decoder(bytes, bounds).whole("elsewhere");
}

/**
 * The payload of a course record, likewise: its body may have the key simple(59) as its last,
 * where it has not the key 59 as well (section 15.2).
 */
export function decodeRecordPayload(bytes: Uint8Array): Value {
  return new Decoder(bytes, {}).whole("claims");
}

class Decoder {
  readonly #reader: HeadReader;
  readonly #maxItems: number;
  readonly #maxDepth: number;
  readonly #maxMapEntries: number;
  /** Items whose containers were announced; those in them included. */
  #items = 1;

  constructor(bytes: Uint8Array, bounds: Bounds) {
    this.#reader = new HeadReader(bytes);
    this.#maxItems = bounds.maxItems ?? MAX_ITEMS;
    this.#maxDepth = bounds.maxDepth ?? MAX_DEPTH;
    this.#maxMapEntries = bounds.maxMapEntries ?? Infinity;
  }

  whole(place: Place): Value {
    const value = this.#item(0, place);
    if (this.#reader.left > 0) throw new Refusal("not_deterministic");
    return value;
  }

  /** `depth`: how many arrays and maps are around the item. */
  #item(depth: number, place: Place): Value {
    if (depth > this.#maxDepth) throw new Refusal("not_deterministic");
    const reader = this.#reader;
    reader.readHead();
    if (!reader.shortest) throw new Refusal("not_deterministic");
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
        return this.#map(depth, place);
      case MAJOR.simple:
        if (reader.information === FALSE || reader.information === TRUE) {
          return reader.information === TRUE;
        }
    }
    throw new Refusal("not_deterministic");
  }

  /** The integer whose head was just read, from -(2^53 - 1) to 2^53 - 1. */
  #integer(): number {
    const { argument, major, safe } = this.#reader;
    const value = major === MAJOR.unsigned ? argument : -1 - argument;
    if (!safe || !Number.isSafeInteger(value)) throw new Refusal("not_deterministic");
    return value;
  }

  #array(depth: number): Value[] {
    const length = this.#announced(1);
    const items: Value[] = [];
    for (let i = 0; i < length; i++) items.push(this.#item(depth + 1, "elsewhere"));
    return items;
  }

  #map(depth: number, place: Place): ValueMap {
    const length = this.#announced(2);
    if (length > this.#maxMapEntries) throw new Refusal("not_deterministic");
    const map: ValueMap = new Map();
    let previous: Key | null = null;
    for (let i = 0; i < length; i++) {
      const key = this.#key(depth + 1, place);
      if (previous !== null && !follows(key, previous)) throw new Refusal("not_deterministic");
      previous = key;
      const within = place === "claims" && key === BODY ? "body" : "elsewhere";
      map.set(key, this.#item(depth + 1, within));
    }
    // There are decoders to which 59 and simple(59) are the same.
    if (map.has(SIMPLE_59) && map.has(59)) throw new Refusal("not_deterministic");
    return map;
  }

  #key(depth: number, place: Place): Key {
    if (depth > this.#maxDepth) throw new Refusal("not_deterministic");
    const reader = this.#reader;
    reader.readHead();
    if (!reader.shortest) throw new Refusal("not_deterministic");
    if (reader.major === MAJOR.unsigned || reader.major === MAJOR.negative) return this.#integer();
    if (place === "body" && reader.major === MAJOR.simple && reader.information === 24) {
      if (reader.argument === 59) return SIMPLE_59;
    }
    throw new Refusal("not_deterministic");
  }

  /** The length of the array or map whose head was just read: counted before anything is built. */
  #announced(itemsEach: number): number {
    const { argument, left } = this.#reader;
    const items = argument * itemsEach;
    this.#items += items;
    if (items > left || this.#items > this.#maxItems) throw new Refusal("not_deterministic");
    return argument;
  }
}

/** Whether the encoding of the key is greater than that of the one before it. */
function follows(key: Key, previous: Key): boolean {
  if (previous === SIMPLE_59) return false;
  if (key === SIMPLE_59) return true;
  if (key < 0 !== previous < 0) return key < 0;
  return Math.abs(key) > Math.abs(previous);
}
