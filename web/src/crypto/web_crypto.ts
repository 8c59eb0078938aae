/** WebCrypto, and its absence. */

/** The page's own; an Error where there is none: browsers offer it to secure contexts alone. */
export function webCrypto(): SubtleCrypto {
  // Typed as always there, which it is not: a page opened over plain http has none.
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle === undefined) throw new Error("WebCrypto is missing");
  return subtle;
}

/** The same bytes, as WebCrypto takes them: it refuses memory that is shared. */
export function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (!(bytes.buffer instanceof ArrayBuffer)) return new Uint8Array(bytes);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
