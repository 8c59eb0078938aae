/** The same certificate, packed by another deflater than its link, as QR codes are. */
import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { packedFromText } from "../../src/codec/carriers.ts";
import { unpack } from "../../src/codec/packed.ts";
import { dictionary } from "../codec/vector_files.ts";

export function otherwisePacked(link: string): string {
  const packed = packedFromText(link);
  const unpacked = unpack(packed, dictionary);
  assert.ok(unpacked.kind === "token" && unpacked.frame.kind === "certificate");
  const payload = deflateRawSync(unpacked.frame.payload, { level: 1 });
  const whole = Buffer.concat([packed.subarray(0, 73), payload]);
  return `https://example.org/c/#${whole.toString("base64url")}`;
}
