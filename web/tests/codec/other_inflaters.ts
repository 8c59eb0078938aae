/** What zlib makes of a stream: the oracle of the tests of our own inflater. */
import { constants, inflateRawSync } from "node:zlib";

/** What comes out, or null where zlib refuses the stream or leaves bytes of it. */
export function zlibInflate(stream: Uint8Array, dictionary?: Uint8Array): Buffer | null {
  try {
    // zlib itself stops at the end of the final block: what it took tells whether that was all.
    const { buffer, engine } = inflateRawSync(stream, {
      info: true,
      ...(dictionary && { dictionary }),
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }; // not in the types
    return engine.bytesWritten === stream.length ? buffer : null;
  } catch {
    return null;
  }
}

/** What comes out of a stream before it is cut off. */
export function zlibInflatePart(stream: Uint8Array): Buffer {
  return inflateRawSync(stream, { finishFlush: constants.Z_SYNC_FLUSH });
}

/** What comes out of the platform's DecompressionStream, or null where it refuses. */
export async function platformInflate(
  stream: Uint8Array,
  dictionary: Uint8Array,
): Promise<Uint8Array | null> {
  // It takes no preset dictionary: so the dictionary comes out of a stored block before the stream.
  const size = dictionary.length;
  const head = [0, size & 0xff, size >> 8, ~size & 0xff, (~size >> 8) & 0xff];
  const whole = Uint8Array.from([...head, ...dictionary, ...stream]);
  try {
    const output = new Blob([whole]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return new Uint8Array(await new Response(output).arrayBuffer()).subarray(size);
  } catch {
    return null;
  }
}
