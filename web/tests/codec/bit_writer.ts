/** DEFLATE streams by hand, bit by bit: RFC 1951. */

/** The order in which a dynamic block gives the lengths of the code-length code. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

export class BitWriter {
  readonly #bits: number[] = [];

  /** An integer, from its least significant bit on. */
  bits(value: number, count: number): this {
    for (let i = 0; i < count; i++) this.#bits.push((value >> i) & 1);
    return this;
  }

  /** A word of a Huffman code, from its first bit on: `word("10")`. */
  word(word: string): this {
    for (const bit of word) this.#bits.push(Number(bit));
    return this;
  }

  block(final: boolean, type: number): this {
    return this.bits(final ? 1 : 0, 1).bits(type, 2);
  }

  stored(final: boolean, data: readonly number[], { length = data.length, fill = 0 } = {}): this {
    this.block(final, 0);
    while (this.#bits.length % 8 !== 0) this.#bits.push(fill);
    this.bits(length, 16).bits(~length & 0xffff, 16);
    for (const byte of data) this.bits(byte, 8);
    return this;
  }

  /** A literal or length symbol of the fixed code. */
  fixed(symbol: number): this {
    if (symbol < 144) return this.#word(0x30 + symbol, 8);
    if (symbol < 256) return this.#word(0x190 + symbol - 144, 9);
    if (symbol < 280) return this.#word(symbol - 256, 7);
    return this.#word(0xc0 + symbol - 280, 8);
  }

  fixedDistance(symbol: number): this {
    return this.#word(symbol, 5);
  }

  /** A match of length 3 in a fixed block, the distance from 1 to 4. */
  fixedMatch(distance: number): this {
    return this.fixed(257).fixedDistance(distance - 1);
  }

  /** The header of a dynamic block after its type, up to the lengths. */
  sizes(literals: number, distances: number, codeLengths: Readonly<Record<number, number>>): this {
    this.bits(literals - 257, 5)
      .bits(distances - 1, 5)
      .bits(ORDER.length - 4, 4);
    for (const symbol of ORDER) this.bits(codeLengths[symbol] ?? 0, 3);
    return this;
  }

  #word(value: number, length: number): this {
    return this.word(value.toString(2).padStart(length, "0"));
  }

  /** The bits so far, the last byte filled up. */
  bytes(fill = 0): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.#bits.length / 8));
    for (let i = 0; i < bytes.length * 8; i++) {
      const bit = this.#bits[i] ?? fill;
      bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (bit << (i & 7));
    }
    return bytes;
  }
}
