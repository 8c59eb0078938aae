/** Tokens for tests of frames: sound ones, and the same with one thing changed. */
import { joined } from "../../src/codec/joined.ts";
import { bytes, type Encodable, encode, map, Pairs, Raw } from "../encoding.ts";

export const CERTIFICATE = "application/vnd.signedcert.certificate";
export const RECORD = "application/vnd.signedcert.record+sd-cwt";
export const KID = bytes("0102030405060708");
export const SIGNATURE = new Uint8Array(64).fill(0x5a);
export const PAYLOAD = bytes("a10102");

export function header(type: Encodable = CERTIFICATE, labels = {}): Uint8Array {
  return encode(map({ 1: -19, 4: KID, 16: type, ...labels }));
}

/** The four elements of a token: those of a sound certificate, unless said otherwise. */
export interface Elements {
  readonly header?: Encodable;
  readonly unprotected?: Encodable;
  readonly payload?: Encodable;
  readonly signature?: Encodable;
}

export function token(elements: Elements = {}): Uint8Array {
  return tagged([
    elements.header ?? header(),
    elements.unprotected ?? map({}),
    elements.payload ?? PAYLOAD,
    elements.signature ?? SIGNATURE,
  ]);
}

/** Tag 18 around anything. */
export function tagged(content: Encodable): Uint8Array {
  return joined(Uint8Array.of(0xd2), encode(content));
}

export function record(
  disclosures: readonly Encodable[] | null = null,
  more: Elements = {},
): Uint8Array {
  const unprotected = disclosures === null ? map({}) : map({ 17: disclosures });
  return token({ header: header(RECORD), unprotected, ...more });
}

/** A record of exactly so many bytes, around 40,000, by its disclosures. */
export function largeRecord(size: number): Uint8Array {
  const longer = [new Uint8Array(14000), new Uint8Array(14001)];
  const of = (least: number) => record([new Uint8Array(least), ...longer]);
  return of(12000 + size - of(12000).length);
}

/** The protected header of a share around these bytes. */
export function shareHeader(within: Uint8Array): Uint8Array {
  return encode(
    new Pairs([
      [1, -19],
      [13, new Raw(within)],
      [16, 294],
    ]),
  );
}

export function share(within: Uint8Array = record(), more: Elements = {}): Uint8Array {
  return token({ header: shareHeader(within), ...more });
}
