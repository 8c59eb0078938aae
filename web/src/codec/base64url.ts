/** base64url without padding: docs/spec.md, section 8.2 (RFC 4648, section 5). */
import { Refusal } from "../verdict.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The value of each ASCII character, -1 for those outside the alphabet. */
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

/** The bytes; a Refusal with `damaged_text` where the text is not just as they are written. */
export function fromBase64url(text: string): Uint8Array {
  if (text.length % 4 === 1) throw new Refusal("damaged_text");
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let hold = 0;
  let bits = 0;
  let written = 0;
  for (let i = 0; i < text.length; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? -1;
    if (value < 0) throw new Refusal("damaged_text");
    hold = (hold << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = hold >> bits;
      hold &= (1 << bits) - 1;
    }
  }
  if (hold !== 0) throw new Refusal("damaged_text");
  return bytes;
}

export function toBase64url(bytes: Uint8Array): string {
  let text = "";
  let hold = 0;
  let bits = 0;
  for (const byte of bytes) {
    hold = (hold << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += ALPHABET.charAt(hold >> bits);
      hold &= (1 << bits) - 1;
    }
  }
  return bits > 0 ? text + ALPHABET.charAt(hold << (6 - bits)) : text;
}
