/** The steps of docs/spec.md, section 5.2, that all tokens of the family share. */
import { Refusal } from "../verdict.ts";
import { decode } from "./cbor.ts";
import type { Value } from "./values.ts";

const TAG_18 = 0xd2;
/** What the types of all that this format defines begin with. */
export const FAMILY = "application/vnd.signedcert.";
const ALGORITHM = 1;
const KID = 4;
const TYPE = 16;
const ED25519 = -19;
const EDDSA = -8;
const KID_LENGTH = 8;
const SIGNATURE_LENGTH = 64;

/** The four elements of a token. */
export interface TokenParts {
  readonly token: Uint8Array;
  readonly header: Uint8Array;
  readonly unprotected: Value;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** Types that are read here, and types that are known to be something else. */
export interface FamilyRule {
  readonly accepted: readonly string[];
  readonly refused: readonly string[];
}

/** Steps 1 to 6, with the size of step 2. */
export function readParts(token: Uint8Array, maxToken: number): TokenParts {
  if (token.length === 0) throw new Refusal("empty_input");
  if (token.length > maxToken) throw new Refusal("too_large");
  if (token[0] !== TAG_18) throw new Refusal("not_a_token");
  const elements = decode(token.subarray(1));
  if (!Array.isArray(elements) || elements.length !== 4) throw new Refusal("not_a_token");
  const [header, unprotected, payload, signature] = elements;
  if (
    !(header instanceof Uint8Array) ||
    unprotected === undefined ||
    !(payload instanceof Uint8Array) ||
    !(signature instanceof Uint8Array)
  ) {
    throw new Refusal("not_a_token");
  }
  return { token, header, unprotected, payload, signature };
}

/** Steps 7 to 16, with the types of steps 12 and 16. */
export function readFamilyHeader(
  header: Uint8Array,
  rule: FamilyRule,
): { readonly kid: Uint8Array; readonly type: string } {
  const labels = header.length === 0 ? new Map<never, Value>() : decode(header);
  if (!(labels instanceof Map)) throw new Refusal("not_a_token");
  const algorithm = labels.get(ALGORITHM);
  const kid = labels.get(KID);
  const type = labels.get(TYPE);
  if (algorithm === undefined) throw new Refusal("missing_header");
  if (typeof algorithm !== "number" || algorithm === EDDSA) throw new Refusal("wrong_algorithm");
  if (kid === undefined || type === undefined) throw new Refusal("missing_header");
  if (typeof type !== "string" || !type.startsWith(FAMILY) || rule.refused.includes(type)) {
    throw new Refusal("wrong_type");
  }
  if (algorithm !== ED25519) throw new Refusal("newer_format");
  if (labels.size > 3) throw new Refusal("extra_header");
  if (!(kid instanceof Uint8Array) || kid.length !== KID_LENGTH) throw new Refusal("not_a_token");
  if (!rule.accepted.includes(type)) throw new Refusal("newer_format");
  return { kid, type };
}

export function isEmptyMap(value: Value): boolean {
  return value instanceof Map && value.size === 0;
}

/** Steps 18 and 19, with the size of step 18. */
export function checkSizes({ payload, signature }: TokenParts, maxPayload: number): void {
  if (payload.length > maxPayload) throw new Refusal("too_large");
  if (payload.length === 0 || signature.length !== SIGNATURE_LENGTH) {
    throw new Refusal("not_a_token");
  }
}
