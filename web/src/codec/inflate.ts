/**
 * DEFLATE (RFC 1951) and ZLIB (RFC 1950), strict and bounded: docs/spec.md, sections 7.2 and 12.5.
 */
import { Refusal } from "../verdict.ts";
import { DeflateStream } from "./deflate_stream.ts";

/**
 * What comes out of a raw DEFLATE stream, of at most `limit` bytes. A Refusal with
 * `damaged_compression` or `too_large`, whichever section 7.2 puts first. Allocates no more than
 * `limit`, the size of the dictionary, and a fixed amount.
 */
export function inflate(stream: Uint8Array, limit: number, dictionary?: Uint8Array): Uint8Array {
  const reader = new DeflateStream(stream, 0, limit, dictionary ?? new Uint8Array(0));
  const end = reader.run();
  if (end !== stream.length) throw new Refusal("damaged_compression");
  return reader.result();
}

/**
 * What comes out of a ZLIB stream as section 12.5 allows it: no preset dictionary, at least one
 * byte and at most `limit`, the right Adler-32, and nothing after it. Refusals as for `inflate`.
 */
export function inflateZlib(stream: Uint8Array, limit: number): Uint8Array {
  const [method = 0, flags = 0] = stream;
  const sound = (method & 0x0f) === 8 && method >> 4 <= 7 && (flags & 0x20) === 0;
  if (stream.length < 2 || !sound || (method * 256 + flags) % 31 !== 0) {
    throw new Refusal("damaged_compression");
  }
  const reader = new DeflateStream(stream, 2, limit, new Uint8Array(0));
  const end = reader.run();
  const bytes = reader.result();
  if (end + 4 !== stream.length) throw new Refusal("damaged_compression");
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  if (view.getUint32(end) !== adler32(bytes)) throw new Refusal("damaged_compression");
  return bytes;
}

/** RFC 1950, section 8.2. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let start = 0; start < bytes.length;) {
    // So many bytes can be added before b may outgrow 32 bits.
    const end = Math.min(start + 5552, bytes.length);
    for (; start < end; start++) {
      a += bytes[start] ?? 0;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}
