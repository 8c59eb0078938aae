import { packedFromText } from "../codec/carriers.ts";
import type { Dictionary } from "../codec/dictionary.ts";
import type { Frame, ShareFrame } from "../codec/frame.ts";
import { readFrame } from "../codec/frame.ts";
import { unpack } from "../codec/packed.ts";
import { openSealed } from "../crypto/sealed.ts";
import { Refusal, SHARE_CHECKS, STATEMENT_CHECKS } from "../verdict.ts";
import type { Check } from "../verdict.ts";

/** What step 1 makes of the input (docs/spec.md, section 9.2). */
export interface Presented {
  /** The certificate or course record. */
  readonly frame: Frame;
  /** The share around a record; null where there is none. */
  readonly share: ShareFrame | null;
  /** The issuer that a sealed file names (section 15.8); null where the share came in none. */
  readonly fileIssuer: string | null;
  readonly checks: readonly Check[];
}

/** Sections 8 and 7, and for a sealed share 15.8. */
export async function presentedInText(
  text: string,
  dictionary: Dictionary,
  sealedFile: Uint8Array | null,
): Promise<Presented> {
  const unpacked = unpack(packedFromText(text), dictionary);
  if (unpacked.kind === "token") {
    return presentedIn(unpacked.frame);
  }
  if (sealedFile === null) {
    throw new Refusal("sealed_file_missing");
  }
  const { issuer, frame } = await openSealed(unpacked.secret, sealedFile);
  return presentedIn(frame, issuer);
}

/** Section 5.2. */
export function presentedInToken(token: Uint8Array): Presented {
  return presentedIn(readFrame(token));
}

function presentedIn(found: Frame | ShareFrame, fileIssuer: string | null = null): Presented {
  const share = found.kind === "share" ? found : null;
  const frame = found.kind === "share" ? found.record : found;
  const checks =
    frame.kind === "record" ? [...STATEMENT_CHECKS, ...SHARE_CHECKS] : STATEMENT_CHECKS;
  return { frame, share, fileIssuer, checks };
}
