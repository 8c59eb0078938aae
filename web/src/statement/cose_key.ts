/** Public keys: docs/spec.md, sections 11.2 (COSE_Key) and 15.2 (that of a record's holder). */
import { toBase64url } from "../codec/base64url.ts";
import type { Value } from "../codec/values.ts";
import { demand, type PlainKind } from "./kind.ts";
import type { SharedRecord } from "./statement.ts";
import { hasCleanText } from "./table.ts";

/**
 * The 32 bytes of an Ed25519 key; null for a key of another kind, which never verifies anything;
 * "malformed" for what is no key at all.
 */
export function coseKey(value: Value): Uint8Array | null | "malformed" {
  if (!(value instanceof Map)) return "malformed";
  const type = value.get(1);
  if (typeof type !== "number") return "malformed";
  if (type !== 1 || value.get(-1) !== 6) return hasCleanText(value) ? null : "malformed";
  const x = value.get(-2);
  return value.size === 3 && x instanceof Uint8Array && x.length === 32 ? x : "malformed";
}

/** The share key of a record, as it stands in the claim cnf: `{1: COSE_Key}`, Ed25519 alone. */
export const confirmation: PlainKind<Uint8Array> = (value) => {
  demand(value instanceof Map && value.size === 1);
  const inner = value.get(1);
  demand(inner !== undefined);
  const key = coseKey(inner);
  demand(key instanceof Uint8Array);
  return key;
};

/** The share key as a JWK (RFC 8037). */
export const holderKey: PlainKind<SharedRecord["holder_key"]> = (value) => ({
  kty: "OKP",
  crv: "Ed25519",
  x: toBase64url(confirmation(value)),
});
