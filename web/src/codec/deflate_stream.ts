/**
 * The blocks of a DEFLATE stream: RFC 1951, as docs/spec.md, section 7.2, bounds it. Indices are
 * within bounds by construction, which is what each `!` says.
 */
import { Refusal } from "../verdict.ts";
import { HuffmanCode } from "./huffman.ts";

const LITERAL_CODES = 286;
const DISTANCE_CODES = 30;
const END_OF_BLOCK = 256;
const ORDER = Uint8Array.of(16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15);

// RFC 1951, section 3.2.5: what a symbol stands for at least, and how many bits are added to it.
const LENGTH_BASE = new Uint16Array(LITERAL_CODES - END_OF_BLOCK - 1);
const LENGTH_EXTRA = new Uint8Array(LENGTH_BASE.length);
const DISTANCE_BASE = new Uint16Array(DISTANCE_CODES);
const DISTANCE_EXTRA = new Uint8Array(DISTANCE_CODES);
fillRanges(LENGTH_BASE, LENGTH_EXTRA, 3, 4);
// 258 by itself; with symbol 284 and 31 extra it can be written as well.
LENGTH_BASE[28] = 258;
LENGTH_EXTRA[28] = 0;
fillRanges(DISTANCE_BASE, DISTANCE_EXTRA, 1, 2);

const FIXED_LITERALS = new HuffmanCode();
FIXED_LITERALS.assign(
  Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
);
const FIXED_DISTANCES = new HuffmanCode();
FIXED_DISTANCES.assign(new Uint8Array(32).fill(5));

/** What one bit of a stream can give at most: length 258 by two words of one bit each. */
const MAX_BYTES_OF_BIT = 129;

/** A stream that is read once, as if there were room for exactly limit + 1 bytes. */
export class DeflateStream {
  readonly #stream: Uint8Array;
  /** The next byte of the stream that is not in `#hold`. */
  #next: number;
  #hold = 0;
  #held = 0;
  /** The dictionary, and then what came out. */
  readonly #output: Uint8Array;
  readonly #start: number;
  #end: number;
  /** Where byte limit + 2 would have to be written. */
  readonly #full: number;
  readonly #limit: number;
  readonly #lengths = new Uint8Array(LITERAL_CODES + DISTANCE_CODES);
  readonly #lengthCode = new HuffmanCode();
  readonly #literalCode = new HuffmanCode();
  readonly #distanceCode = new HuffmanCode();

  /** `next`: where the stream begins in the bytes. Before what comes out stands the dictionary. */
  constructor(stream: Uint8Array, next: number, limit: number, dictionary: Uint8Array) {
    this.#stream = stream;
    this.#next = next;
    this.#limit = limit;
    this.#start = dictionary.length;
    this.#end = dictionary.length;
    this.#full = dictionary.length + limit + 1;
    const most = Math.min(limit + 1, stream.length * 8 * MAX_BYTES_OF_BIT);
    this.#output = new Uint8Array(dictionary.length + most);
    this.#output.set(dictionary);
  }

  /**
   * Reads to the end of the final block, and gives the position of the byte after it. Refusals:
   * `damaged_compression` and `too_large`, whichever section 7.2 puts first.
   */
  run(): number {
    let final = false;
    while (!final) {
      final = this.#take(1) === 1;
      const type = this.#take(2);
      if (type === 0) this.#stored();
      else if (type === 1) this.#compressed(FIXED_LITERALS, FIXED_DISTANCES);
      else if (type === 2) this.#dynamic();
      else throw new Refusal("damaged_compression");
    }
    if (this.#end === this.#full) throw new Refusal("too_large");
    return this.#next - (this.#held >> 3);
  }

  /** What came out: a copy where there is room for one within the limit, otherwise a view. */
  result(): Uint8Array {
    const copied = this.#output.length + this.#end - 2 * this.#start <= this.#limit;
    return copied
      ? this.#output.slice(this.#start, this.#end)
      : this.#output.subarray(this.#start, this.#end);
  }

  #stored(): void {
    this.#take(this.#held & 7);
    const length = this.#take(16);
    if (this.#take(16) !== (length ^ 0xffff)) throw new Refusal("damaged_compression");
    // Bytes that were read ahead are given back.
    this.#next -= this.#held >> 3;
    this.#hold = 0;
    this.#held = 0;
    const there = Math.min(length, this.#stream.length - this.#next, this.#full - this.#end);
    this.#output.set(this.#stream.subarray(this.#next, this.#next + there), this.#end);
    this.#next += there;
    this.#end += there;
    if (there < length) throw this.#cutOff();
  }

  #dynamic(): void {
    const sizes = this.#take(14);
    const literals = (sizes & 0x1f) + 257;
    const distances = ((sizes >> 5) & 0x1f) + 1;
    const codeLengths = (sizes >> 10) + 4;
    if (literals > LITERAL_CODES || distances > DISTANCE_CODES) {
      throw new Refusal("damaged_compression");
    }
    const lengths = this.#lengths.fill(0);
    for (let i = 0; i < codeLengths; i++) lengths[ORDER[i]!] = this.#take(3);
    const shape = this.#lengthCode.assign(lengths.subarray(0, ORDER.length));
    if (shape === "complete") this.#readLengths(lengths.subarray(0, literals + distances));
    // Without a symbol, every bit is the length 0 of one code.
    else if (shape === "empty") for (let i = literals + distances; i > 0; i--) this.#take(1);
    else throw new Refusal("damaged_compression");
    if (lengths[END_OF_BLOCK] === 0) throw new Refusal("damaged_compression");
    const literalShape = this.#literalCode.assign(lengths.subarray(0, literals));
    const distanceShape = this.#distanceCode.assign(
      lengths.subarray(literals, literals + distances),
    );
    if (literalShape === "faulty" || distanceShape === "faulty") {
      throw new Refusal("damaged_compression");
    }
    this.#compressed(this.#literalCode, this.#distanceCode);
  }

  /** The lengths of both codes, in one row. */
  #readLengths(lengths: Uint8Array): void {
    let count = 0;
    while (count < lengths.length) {
      const symbol = this.#symbol(this.#lengthCode);
      if (symbol < 16) {
        lengths[count++] = symbol;
        continue;
      }
      const repeats =
        symbol === 16 ? 3 + this.#take(2) : symbol === 17 ? 3 + this.#take(3) : 11 + this.#take(7);
      const previous = symbol === 16 ? lengths[count - 1] : 0;
      if (previous === undefined || count + repeats > lengths.length) {
        throw new Refusal("damaged_compression");
      }
      lengths.fill(previous, count, count + repeats);
      count += repeats;
    }
  }

  #compressed(literals: HuffmanCode, distances: HuffmanCode): void {
    const output = this.#output;
    for (;;) {
      const symbol = this.#symbol(literals);
      if (symbol < END_OF_BLOCK) {
        if (this.#end === this.#full) throw new Refusal("too_large");
        output[this.#end++] = symbol;
        continue;
      }
      if (symbol === END_OF_BLOCK) return;
      if (symbol >= LITERAL_CODES) throw new Refusal("damaged_compression");
      const range = symbol - END_OF_BLOCK - 1;
      const length = LENGTH_BASE[range]! + this.#take(LENGTH_EXTRA[range]!);
      const far = this.#symbol(distances);
      if (far >= DISTANCE_CODES) throw new Refusal("damaged_compression");
      const distance = DISTANCE_BASE[far]! + this.#take(DISTANCE_EXTRA[far]!);
      this.#copy(length, distance);
    }
  }

  #copy(length: number, distance: number): void {
    const output = this.#output;
    let to = this.#end;
    if (to === this.#full) throw new Refusal("too_large");
    if (distance > to) throw new Refusal("damaged_compression");
    if (length > this.#full - to) throw new Refusal("too_large");
    // Byte by byte: what is copied may be what was copied just now.
    for (const end = to + length; to < end; to++) output[to] = output[to - distance]!;
    this.#end = to;
  }

  /** The next symbol of the code. */
  #symbol(code: HuffmanCode): number {
    if (this.#held < 15) this.#refill();
    const entry = code.table[this.#hold & (code.table.length - 1)]! || code.search(this.#hold);
    const length = entry === 0 ? code.longest : entry & 15;
    if (length > this.#held) throw this.#cutOff();
    if (entry === 0) throw new Refusal("damaged_compression");
    this.#hold >>>= length;
    this.#held -= length;
    return entry >> 4;
  }

  /** The next bits, the first of them the least significant. At most 16. */
  #take(count: number): number {
    if (this.#held < count) this.#refill();
    if (this.#held < count) throw this.#cutOff();
    const bits = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#held -= count;
    return bits;
  }

  #refill(): void {
    const stream = this.#stream;
    // Up to 30 bits: engines keep a greater integer less cheaply.
    while (this.#held <= 22 && this.#next < stream.length) {
      this.#hold |= stream[this.#next++]! << this.#held;
      this.#held += 8;
    }
  }

  /** The stream ends here. With limit + 1 bytes out, that they are too many is what counts. */
  #cutOff(): Refusal {
    return new Refusal(this.#end === this.#full ? "too_large" : "damaged_compression");
  }
}

/** Ranges that follow each other, of which `each` have no bits added, then one bit, and so on. */
function fillRanges(bases: Uint16Array, extras: Uint8Array, first: number, each: number): void {
  let base = first;
  for (let i = 0; i < bases.length; i++) {
    const extra = Math.max(0, Math.floor(i / each) - 1);
    bases[i] = base;
    extras[i] = extra;
    base += 1 << extra;
  }
}
