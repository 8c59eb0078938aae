/** Canonical Huffman codes: RFC 1951, section 3.2.2, and docs/spec.md, section 7.2. */

const LONGEST_WORD = 15;
/** Words up to this length are found in a table, longer ones bit by bit. */
const TABLE_BITS = 9;
const MAX_SYMBOLS = 288;

/**
 * Whether the words of a code use up all there are; are one word of one bit; are none; or anything
 * else, which no code may be.
 */
export type Shape = "complete" | "single" | "empty" | "faulty";

/**
 * The tables of one code. Its memory is used again for the next, so that a stream of many small
 * blocks makes no garbage. Indices are within bounds by construction, which is what each `!` says.
 */
export class HuffmanCode {
  /** By the next bits of the stream: symbol · 16 + length; 0 where no short word begins so. */
  readonly table = new Uint16Array(1 << TABLE_BITS);
  /** Length of the longest word; 1 in a code without any, where one bit tells that it is none. */
  longest = 1;
  readonly #counts = new Uint16Array(LONGEST_WORD + 1);
  readonly #sorted = new Uint16Array(MAX_SYMBOLS);
  readonly #offsets = new Uint16Array(LONGEST_WORD + 2);

  /** Takes the code in which the symbols from 0 have these lengths, 0 for those without a word. */
  assign(lengths: Uint8Array): Shape {
    const counts = this.#counts.fill(0);
    for (const length of lengths) counts[length]!++;
    const symbols = lengths.length - counts[0]!;
    counts[0] = 0;

    let left = 1;
    this.longest = 1;
    const offsets = this.#offsets.fill(0);
    for (let length = 1; length <= LONGEST_WORD; length++) {
      left = 2 * left - counts[length]!;
      if (left < 0) return "faulty";
      if (counts[length]! > 0) this.longest = length;
      offsets[length + 1] = offsets[length]! + counts[length]!;
    }
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      const length = lengths[symbol]!;
      if (length > 0) this.#sorted[offsets[length]!++] = symbol;
    }
    this.#fillTable();
    if (left === 0) return "complete";
    if (symbols === 0) return "empty";
    return symbols === 1 && this.longest === 1 ? "single" : "faulty";
  }

  /**
   * The symbol whose word is at the beginning of `bits`, as in the table, where the table has none:
   * 0 where none is. Looks at no more than `longest` bits.
   */
  search(bits: number): number {
    let word = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= this.longest; length++) {
      word = (word << 1) | ((bits >>> (length - 1)) & 1);
      first <<= 1;
      const count = this.#counts[length]!;
      if (word - first < count) return (this.#sorted[index + word - first]! << 4) | length;
      index += count;
      first += count;
    }
    return 0;
  }

  #fillTable(): void {
    this.table.fill(0);
    let word = 0;
    let index = 0;
    for (let length = 1; length <= TABLE_BITS; length++) {
      word <<= 1;
      for (let i = this.#counts[length]!; i > 0; i--) {
        const entry = (this.#sorted[index++]! << 4) | length;
        // Words stand in the stream from their first bit on, integers from their last.
        for (let at = reversed(word, length); at < this.table.length; at += 1 << length) {
          this.table[at] = entry;
        }
        word++;
      }
    }
  }
}

function reversed(word: number, length: number): number {
  let bits = 0;
  for (let i = 0; i < length; i++) bits |= ((word >>> i) & 1) << (length - 1 - i);
  return bits;
}
