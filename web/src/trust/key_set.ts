import { fromBase64url } from "../codec/base64url.ts";
import { kidOf } from "../crypto/digest.ts";
import { Refusal } from "../verdict.ts";
import { readJson } from "./json.ts";
import type { Json, JsonObject } from "./json.ts";
import type { KeyEntry, KeyRevocation } from "./key_entry.ts";
import { LAST_MOMENT } from "./moment.ts";

/** What a JWK Set says of one issuer. */
export interface KeySet {
  readonly issuedAt: number | null;
  readonly entries: readonly KeyEntry[];
}

const MAX_BYTES = 1_048_576;
/** Members that only private and secret keys have. */
const SECRET_MEMBERS = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

function refuse(): never {
  throw new Refusal("schema_violation");
}

/**
 * The JWK Set of an issuer by section 10 of docs/spec.md. A fault refuses all of it: `too_large`,
 * `other_issuer` where it says that it is another's, `schema_violation` for everything else (the
 * specification names no reasons here).
 */
export async function readKeySet(issuer: string, bytes: Uint8Array): Promise<KeySet> {
  if (bytes.length > MAX_BYTES) {
    throw new Refusal("too_large");
  }
  const set = readJson(bytes);
  const keys = set instanceof Map ? set.get("keys") : undefined;
  if (!(set instanceof Map) || !Array.isArray(keys)) {
    return refuse();
  }
  const objects = keys.filter((element) => element instanceof Map);
  if (objects.some((object) => SECRET_MEMBERS.some((name) => object.has(name)))) {
    refuse();
  }
  const named = member(set, "iss");
  if (named !== null && named !== issuer && named !== `https://${issuer}`) {
    throw new Refusal("other_issuer");
  }
  const issuedAt = momentOrNone(set, "iat");
  const entries = await Promise.all(
    objects.filter(isVerificationKey).map((jwk) => entryOf(issuer, jwk)),
  );
  if (new Set(entries.map((entry) => entry.key.join())).size !== entries.length) {
    refuse();
  }
  return { issuedAt, entries };
}

/** A member; null where it is absent, which is the same (section 10.2). */
function member(object: JsonObject, name: string): Json {
  return object.get(name) ?? null;
}

function isVerificationKey(jwk: JsonObject): boolean {
  const algorithm = member(jwk, "alg");
  const use = member(jwk, "use");
  const operations = member(jwk, "key_ops");
  return (
    member(jwk, "kty") === "OKP" &&
    member(jwk, "crv") === "Ed25519" &&
    (algorithm === null || algorithm === "Ed25519" || algorithm === "EdDSA") &&
    (use === null || use === "sig") &&
    (operations === null || (Array.isArray(operations) && operations.includes("verify")))
  );
}

async function entryOf(issuer: string, jwk: JsonObject): Promise<KeyEntry> {
  const key = publicKey(member(jwk, "x"));
  return {
    issuer,
    key,
    kid: await kidOf(key),
    notBefore: momentOrNone(jwk, "nbf"),
    notAfter: momentOrNone(jwk, "exp"),
    revocation: revocationOf(member(jwk, "revoked")),
  };
}

function publicKey(x: Json): Uint8Array {
  if (typeof x !== "string") {
    return refuse();
  }
  let key: Uint8Array;
  try {
    key = fromBase64url(x);
  } catch (error) {
    // One reason for every fault of a key set; that of a damaged link would mislead here.
    if (error instanceof Refusal) {
      return refuse();
    }
    throw error;
  }
  return key.length === 32 ? key : refuse();
}

function revocationOf(revoked: Json): KeyRevocation | null {
  if (revoked === null) {
    return null;
  }
  if (!(revoked instanceof Map)) {
    return refuse();
  }
  const since = momentOrNone(revoked, "revoked_at") ?? refuse();
  const reason = member(revoked, "reason");
  const end = reason === "superseded" || reason === "compromised" ? reason : "unspecified";
  return { end, since, vouched: null };
}

function momentOrNone(object: JsonObject, name: string): number | null {
  const value = member(object, name);
  if (value === null) {
    return null;
  }
  if (typeof value !== "number" || value < 0 || value > LAST_MOMENT) {
    return refuse();
  }
  // JSON's -0 is within the range, and the moment 0.
  return Math.abs(Math.floor(value));
}
