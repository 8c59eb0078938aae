/** SHA-256, key thumbprints (docs/spec.md, section 3.2), and what digests are compared with. */
import { joined } from "../codec/joined.ts";
import { unshared, webCrypto } from "./web_crypto.ts";

/** The COSE_Key of an Ed25519 public key, before its 32 bytes. */
const COSE_KEY_HEAD = Uint8Array.of(0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20);
const KID_LENGTH = 8;

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await webCrypto().digest("SHA-256", unshared(bytes)));
}

/** The COSE key thumbprint (RFC 9679) of an Ed25519 public key of 32 bytes. */
export async function thumbprint(publicKey: Uint8Array): Promise<Uint8Array> {
  if (publicKey.length !== 32) throw new RangeError(`no public key: ${publicKey.length} bytes`);
  return sha256(joined(COSE_KEY_HEAD, publicKey));
}

/** A hint at the key: several keys may have the same. */
export async function kidOf(publicKey: Uint8Array): Promise<Uint8Array> {
  return (await thumbprint(publicKey)).slice(0, KID_LENGTH);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && compareBytes(a, b) === 0;
}

/** Bytewise order: negative, zero or positive. What is a beginning of the other comes before it. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    // In bounds of both, so neither default is ever used.
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Hexadecimal in lower case. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Hexadecimal in either case; an Error where it is none. */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-fA-F]{2})*$/.test(text)) throw new Error("not hexadecimal");
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  }
  return bytes;
}
