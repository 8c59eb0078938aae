/** Course records and shares for tests, plain and sealed. */
import { createCipheriv, hkdfSync } from "node:crypto";
import { joined } from "../src/codec/joined.ts";
import { printedCode } from "../src/codec/printed_code.ts";
import { compareBytes, sha256 } from "../src/crypto/digest.ts";
import { Raw, SIMPLE_59_KEY, encode, map, tagged } from "./encoding.ts";
import type { Encodable } from "./encoding.ts";
import { changed, headerOf, ISSUED, ISSUER, KEY, NOW, Signer, signedWith } from "./issuing.ts";
import type { Changes } from "./issuing.ts";

export const HOLDER = await Signer.named("share key");
export const RECORD_ID = new Uint8Array(10).fill(7);
export const RECORD_CODE = printedCode(RECORD_ID);
export const SHARED = ISSUED + 3600;
export const SHARE_END = NOW + 86_400;
export const AUDIENCE = "Acme HR";
export const SECRET = new Uint8Array(32).fill(42);

/** What may be shown: the learner, and a decoy for each other field. */
const DISCLOSURES = [
  encode([new Uint8Array(16).fill(1), "Ada Lovelace", 0]),
  ...[2, 3, 4].map((salt) => encode([new Uint8Array(16).fill(salt)])),
];

export interface RecordOptions {
  readonly by?: Signer;
  readonly claims?: Changes;
  readonly body?: Changes;
  /** How many of the disclosures are shown. */
  readonly shown?: number;
  readonly more?: readonly Uint8Array[];
}

export async function record(options: RecordOptions = {}): Promise<Uint8Array> {
  const { by = KEY, claims = {}, body = {}, shown = 1, more = [] } = options;
  const digests = await Promise.all(DISCLOSURES.map((disclosure) => sha256(encode(disclosure))));
  const course = map({ 0: "Analytical Engines", 1: "University of Example" });
  const content = changed({ 1: course, 10: [2, 16] }, body);
  content.set(SIMPLE_59_KEY, digests.sort(compareBytes));
  const payload = {
    1: ISSUER,
    2: RECORD_CODE,
    6: ISSUED,
    7: RECORD_ID,
    8: map({ 1: HOLDER.coseKey }),
    [-65537]: content,
  };
  const disclosed = [...DISCLOSURES.slice(0, shown), ...more].map(encode).sort(compareBytes);
  const unprotected: Encodable =
    disclosed.length === 0 ? map({}) : map({ 17: disclosed.map((item) => new Raw(item)) });
  const header = headerOf(by, "application/vnd.signedcert.record+sd-cwt");
  return signedWith(header, encode(changed(payload, claims)), by, unprotected);
}

export interface ShareOptions {
  readonly by?: Signer;
  readonly claims?: Changes;
  readonly body?: Changes;
  readonly payload?: Uint8Array;
}

export function share(token: Uint8Array, options: ShareOptions = {}): Promise<Uint8Array> {
  const { by = HOLDER, claims = {}, body = {} } = options;
  const content = {
    3: AUDIENCE,
    4: SHARE_END,
    6: SHARED,
    7: new Uint8Array(10).fill(9),
    [-65537]: changed({ 0: 5 }, body),
  };
  const header = encode(map({ 1: -19, 13: new Raw(token), 16: 294 }));
  return signedWith(header, options.payload ?? encode(changed(content, claims)), by);
}

/** A token in packed form 02, in one stored block of DEFLATE (RFC 1951, section 3.2.4). */
export function inText(token: Uint8Array): string {
  const length = new Uint8Array(5);
  const view = new DataView(length.buffer);
  view.setUint8(0, 1);
  view.setUint16(1, token.length, true);
  view.setUint16(3, token.length ^ 0xffff, true);
  return Buffer.from(joined(Uint8Array.of(2), length, token)).toString("base64url");
}

/** The file of a sealed share (docs/spec.md, section 15.8) under `SECRET`. */
export function sealed(token: Uint8Array, issuer: string = ISSUER): Uint8Array {
  const size = [4096, 8192, 16384, 32768, 65536].find((most) => most > token.length) ?? 0;
  const plaintext = new Uint8Array(size);
  plaintext.set(token);
  plaintext[token.length] = 0x80;
  const nonce = new Uint8Array(12).fill(3);
  const header = encode(map({ 1: 3, 15: map({ 1: issuer }) }));
  const name = new TextEncoder().encode(Buffer.from(derived("name", 16)).toString("hex"));
  const cipher = createCipheriv("aes-256-gcm", derived("key", 32), nonce);
  cipher.setAAD(encode(["Encrypt0", header, name]));
  const ciphertext = joined(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
  return encode(tagged(16, [header, map({ 5: nonce }), ciphertext]));
}

export const SEALED_LINK = Buffer.from([4, ...SECRET]).toString("base64url");

function derived(purpose: string, length: number): Uint8Array {
  const info = `signedcert sealed share ${purpose}`;
  return new Uint8Array(hkdfSync("sha256", SECRET, new Uint8Array(0), info, length));
}
