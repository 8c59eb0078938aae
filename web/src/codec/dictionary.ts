/** Dictionary 1, the preset dictionary of packed forms: docs/spec.md, section 7.3. */
import { sha256, toHex } from "../crypto/digest.ts";

const SIZE = 9302;
const SHA_256 = "24a2d6dd7bf1e753863b581501688dab416bd4a0304c7e6b213ccb20c79d1a0c";

const checked: unique symbol = Symbol("checked");

/** Bytes whose digest was checked. Only `dictionary1` makes one. */
export interface Dictionary {
  readonly bytes: Uint8Array;
  readonly [checked]: true;
}

/** Dictionary 1, from bytes that claim to be it; an Error where they are not. */
export async function dictionary1(bytes: Uint8Array): Promise<Dictionary> {
  // Copied first, so that what was checked is what is used.
  const own = new Uint8Array(bytes);
  if (own.length !== SIZE || toHex(await sha256(own)) !== SHA_256) {
    throw new Error("not dictionary 1");
  }
  return { bytes: own, [checked]: true };
}
