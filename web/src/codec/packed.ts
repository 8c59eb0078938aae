/** From packed form to token: docs/spec.md, section 7.1. */
import { Refusal } from "../verdict.ts";
import type { Dictionary } from "./dictionary.ts";
import {
  certificateFrame,
  type Frame,
  MAX_PAYLOAD,
  MAX_TOKEN,
  readFrame,
  type ShareFrame,
} from "./frame.ts";
import { inflate } from "./inflate.ts";

const MAX_PACKED = 41232;
/** Format byte, kid, signature, and one byte of DEFLATE. */
const MIN_CERTIFICATE = 74;
const SEALED_LENGTH = 33;

/** A token whose frame is sound, or the secret with which a sealed share is found and opened. */
export type Unpacked =
  | { readonly kind: "token"; readonly token: Uint8Array; readonly frame: Frame | ShareFrame }
  | { readonly kind: "sealed"; readonly token?: never; readonly secret: Uint8Array };

/** Refusals: those of sections 7.1, 7.2, 5.2 and 15.4; of a sealed share's link `damaged_text`. */
export function unpack(packed: Uint8Array, dictionary: Dictionary): Unpacked {
  const form = packed[0];
  if (form === undefined) throw new Refusal("empty_input");
  if (packed.length > MAX_PACKED) throw new Refusal("too_large");
  switch (form) {
    case 0x01:
      return unpackCertificate(packed, dictionary);
    case 0x02:
      return unpackToken(packed, dictionary);
    case 0x04:
      if (packed.length !== SEALED_LENGTH) throw new Refusal("damaged_text");
      return { kind: "sealed", secret: new Uint8Array(packed.subarray(1)) };
    default:
      throw new Refusal(form >= 0x03 && form <= 0x0f ? "newer_format" : "unknown_format");
  }
}

function unpackCertificate(packed: Uint8Array, dictionary: Dictionary): Unpacked {
  if (packed.length < MIN_CERTIFICATE) throw new Refusal("damaged_compression");
  const payload = inflate(packed.subarray(73), MAX_PAYLOAD, dictionary.bytes);
  if (payload.length === 0) throw new Refusal("not_a_token");
  const frame = certificateFrame(packed.subarray(1, 9), payload, packed.subarray(9, 73));
  return { kind: "token", token: frame.token, frame };
}

function unpackToken(packed: Uint8Array, dictionary: Dictionary): Unpacked {
  const token = inflate(packed.subarray(1), MAX_TOKEN, dictionary.bytes);
  const frame = readFrame(token);
  if (frame.kind === "certificate") throw new Refusal("wrong_packing");
  return { kind: "token", token, frame };
}
