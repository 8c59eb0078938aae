/** Dynamic blocks with any lengths, for what docs/spec.md, section 7.2, says of them. */
import { BitWriter } from "./bit_writer.ts";

/** Lengths by symbol. */
export type Lengths = Readonly<Record<number, number>>;

/** Each of the 16 lengths as a word of four bits: the code-length code is complete. */
const PLAIN = Object.fromEntries(Array.from({ length: 16 }, (_, length) => [length, 4]));

export interface DynamicBlock {
  readonly literals: Lengths;
  readonly distances?: Lengths;
  /** HLIT + 257 and HDIST + 1, where not as few as there can be. */
  readonly literalCount?: number;
  readonly distanceCount?: number;
}

/** The header of a final dynamic block: what follows are words of its codes. */
export function dynamicBlock(writer: BitWriter, block: DynamicBlock): BitWriter {
  const { literals, distances = {} } = block;
  const literalCount = block.literalCount ?? Math.max(257, highest(literals) + 1);
  const distanceCount = block.distanceCount ?? Math.max(1, highest(distances) + 1);
  writer.block(true, 2).sizes(literalCount, distanceCount, PLAIN);
  for (let i = 0; i < literalCount; i++) length(writer, literals[i] ?? 0);
  for (let i = 0; i < distanceCount; i++) length(writer, distances[i] ?? 0);
  return writer;
}

function highest(lengths: Lengths): number {
  return Math.max(-1, ...Object.keys(lengths).map(Number));
}

function length(writer: BitWriter, value: number): void {
  writer.word(value.toString(2).padStart(4, "0"));
}
