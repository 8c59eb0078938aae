import { encodeHead } from "../codec/cbor.ts";
import { compareBytes, fromHex } from "../crypto/digest.ts";
import { Refusal } from "../verdict.ts";
import type { HeldIssuer } from "./held_issuer.ts";
import { FORMAT, MAX_BUNDLE_BYTES } from "./reading_bundles.ts";
import type { Bundle } from "./reading_bundles.ts";

const UNSIGNED = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const RECORD_BYTES = 12;
const KID_BYTES = 8;

type Part = Uint8Array;

/** A bundle as the one sequence of bytes that has this content (section 13.1 of docs/spec.md). */
export function writeBundle({ issuedAt, nextUpdate, issuers }: Bundle): Uint8Array {
  const fields: Part[][] = [labelled(0, number(FORMAT))];
  if (issuedAt !== null) {
    fields.push(labelled(1, number(issuedAt)));
  }
  if (nextUpdate !== null) {
    fields.push(labelled(2, number(nextUpdate)));
  }
  fields.push(labelled(3, array(issuers.map(issuerParts))));
  fields.push(labelled(4, byteString(indexOf(issuers))));
  return joined([encodeHead(MAP, fields.length), ...fields.flat()]);
}

function issuerParts({ content }: HeldIssuer): Part[] {
  const { name, published, pin, lists, end } = content;
  const items = [text(name), byteString(published)];
  if (pin !== null) {
    const rows = [...lists].sort(([one], [other]) => one - other);
    items.push(number(pin.epoch), array(pin.roots.map(byteString)));
    items.push(array(rows.map(([label, list]) => array([number(label), byteString(list)]))));
  }
  if (end !== null) {
    items.push(number(end.issuedAt), number(end.nextUpdate));
  }
  return array(items);
}

function indexOf(issuers: readonly HeldIssuer[]): Uint8Array {
  const records = issuers.flatMap(({ content }, position) =>
    content.kids.map((kid) => {
      const record = new Uint8Array(RECORD_BYTES);
      record.set(fromHex(kid));
      new DataView(record.buffer).setUint32(KID_BYTES, position);
      return record;
    }),
  );
  return joined(records.sort(compareBytes));
}

function number(value: number): Part[] {
  return [encodeHead(UNSIGNED, value)];
}

function byteString(bytes: Uint8Array): Part[] {
  return [encodeHead(BYTES, bytes.length), bytes];
}

function text(value: string): Part[] {
  const bytes = new TextEncoder().encode(value);
  return [encodeHead(TEXT, bytes.length), bytes];
}

function array(items: readonly Part[][]): Part[] {
  return [encodeHead(ARRAY, items.length), ...items.flat()];
}

function labelled(label: number, value: Part[]): Part[] {
  return [...number(label), ...value];
}

/** All parts in one; a bundle that nobody would read is not written. */
function joined(parts: readonly Part[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > MAX_BUNDLE_BYTES) {
    throw new Refusal("too_large");
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
