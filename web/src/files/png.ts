/** Texts in PNG pictures: https://www.w3.org/TR/png-3/#11textinfo. */
import { inflateZlib } from "../codec/inflate.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Far more than a link needs (docs/spec.md, section 8.1), and little enough for any phone. */
const TEXT_LIMIT = 262_144;
const TEXTS = 32;

export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.every((byte, index) => bytes[index] === byte);
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** The fields before the text, each ended by a zero byte, and what follows them. */
function fields(data: Uint8Array, count: number): { texts: string[]; rest: Uint8Array } | null {
  const texts: string[] = [];
  let rest = data;
  for (let field = 0; field < count; field += 1) {
    const end = rest.indexOf(0);
    if (end < 0) return null;
    texts.push(latin1(rest.subarray(0, end)));
    rest = rest.subarray(end + 1);
  }
  return { texts, rest };
}

/** The text of one chunk; null where it is none or does not keep to the specification. */
function textOf(type: string, data: Uint8Array): string | null {
  const keyword = fields(data, 1);
  if (keyword === null) return null;
  const { rest } = keyword;
  try {
    if (type === "tEXt") return latin1(rest);
    if (type === "zTXt") {
      return rest[0] === 0 ? latin1(inflateZlib(rest.subarray(1), TEXT_LIMIT)) : null;
    }
    const [compressed, method] = rest;
    const international = fields(rest.subarray(2), 2);
    if (international === null || method !== 0) return null;
    const text = international.rest;
    return new TextDecoder("utf-8", { fatal: true }).decode(
      compressed === 1 ? inflateZlib(text, TEXT_LIMIT) : text,
    );
  } catch {
    return null;
  }
}

/** The texts of the chunks tEXt, zTXt and iTXt, in order. Checksums are not looked at. */
export function textsOfPng(bytes: Uint8Array): string[] {
  const texts: string[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let offset = SIGNATURE.length;
  while (offset + 12 <= bytes.length && texts.length < TEXTS) {
    const length = view.getUint32(offset);
    const type = latin1(bytes.subarray(offset + 4, offset + 8));
    const data = bytes.subarray(offset + 8, offset + 8 + length);
    if (/^(tEXt|zTXt|iTXt)$/.test(type) && data.length === length && length <= TEXT_LIMIT) {
      const text = textOf(type, data);
      if (text !== null) texts.push(text);
    }
    offset += 12 + length;
  }
  return texts;
}
