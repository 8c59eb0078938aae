/** A small CBOR encoder for tests: what it writes is valid, or as broken as the test asks for. */
import { joined } from "../src/codec/joined.ts";

/** Bytes that stand in the encoding as they are. */
export class Raw {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/** A map whose entries are written in the order given, repeats included. */
export class Pairs {
  readonly entries: readonly (readonly [Encodable, Encodable])[];

  constructor(entries: readonly (readonly [Encodable, Encodable])[]) {
    this.entries = entries;
  }
}

export type Encodable =
  | number
  | boolean
  | string
  | Uint8Array
  | readonly Encodable[]
  | ReadonlyMap<Encodable, Encodable>
  | Raw
  | Pairs;

/** The key simple(59), which a record's body has (docs/spec.md, section 15.2). */
export const SIMPLE_59_KEY = new Raw(Uint8Array.of(0xf8, 0x3b));

/** The shortest head of a major type (RFC 8949, section 3). */
export function head(major: number, argument: number): Uint8Array {
  const first = major << 5;
  if (argument < 24) return Uint8Array.of(first | argument);
  if (argument < 0x100) return Uint8Array.of(first | 24, argument);
  const size = argument < 0x10000 ? 2 : argument < 0x100000000 ? 4 : 8;
  const bytes = new Uint8Array(1 + size);
  bytes[0] = first | (size === 2 ? 25 : size === 4 ? 26 : 27);
  let rest = BigInt(argument);
  for (let at = size; at > 0; at--) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

export function tagged(tag: number, value: Encodable): Raw {
  return new Raw(joined(head(6, tag), encode(value)));
}

/** Core deterministic encoding: a Map is written with its keys in bytewise order. */
export function encode(value: Encodable): Uint8Array {
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") {
    const text = new TextEncoder().encode(value);
    return joined(head(3, text.length), text);
  }
  if (value instanceof Uint8Array) return joined(head(2, value.length), value);
  if (value instanceof Raw) return value.bytes;
  if (value instanceof Pairs) return encodeEntries(value.entries.map(encodeEntry));
  if (value instanceof Map) {
    return encodeEntries([...value].map(encodeEntry).sort(([a], [b]) => Buffer.compare(a, b)));
  }
  // What is left is an array: the guards above leave ReadonlyMap, which is a Map, to the compiler.
  const items = value as readonly Encodable[];
  return joined(head(4, items.length), ...items.map(encode));
}

function encodeEntry([key, value]: readonly [Encodable, Encodable]): [Uint8Array, Uint8Array] {
  return [encode(key), encode(value)];
}

function encodeEntries(entries: readonly [Uint8Array, Uint8Array][]): Uint8Array {
  return joined(head(5, entries.length), ...entries.flat());
}

/** A map of integer labels: `map({ 0: "Ada", "-1": 6 })`. Numeric names are the labels. */
export function map(entries: Readonly<Record<number, Encodable>>): Map<Encodable, Encodable> {
  return new Map(Object.entries(entries).map(([label, value]) => [Number(label), value]));
}

export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}
