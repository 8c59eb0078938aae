import { decode } from "../codec/cbor.ts";
import { readDocumentFrame } from "../codec/frame.ts";
import type { DocumentFrame } from "../codec/frame.ts";
import type { Value, ValueMap } from "../codec/values.ts";
import { coseKey } from "../statement/documents.ts";
import { Refusal } from "../verdict.ts";

const ISSUER = 1;
const BODY = -65537;
const DOCUMENT_ROOTS = 6;
const DOCUMENT_HANDOVERS = 7;
const HANDOVER_ROOTS = 1;
const MAX_ROOTS = 16;
const MAX_HANDOVERS = 100;

/** What is read of an issuer document before its signature is verified, and no more. */
export interface Look {
  readonly frame: DocumentFrame;
  readonly issuer: string;
  readonly handovers: readonly Uint8Array[];
  readonly listedRoots: readonly Uint8Array[];
}

/** "Looking in", docs/spec.md, section 11.3, with the reasons given there. */
export function lookIn(token: Uint8Array): Look {
  const frame = readDocumentFrame(token, "issuer");
  const claims = claimsOf(decode(frame.payload));
  const handovers = claims?.body.get(DOCUMENT_HANDOVERS);
  if (claims === null || !isHandovers(handovers)) {
    throw new Refusal("schema_violation");
  }
  const listedRoots = rootsIn(claims.body.get(DOCUMENT_ROOTS));
  return { frame, issuer: claims.issuer, handovers, listedRoots };
}

/**
 * The Ed25519 keys that a handover lists, whoever signed it: step 2 of first contact, with
 * `broken_handover` for what is no handover at all.
 */
export function rootsOfHandover(frame: DocumentFrame): readonly Uint8Array[] {
  const claims = claimsOf(decode(frame.payload));
  if (claims === null) {
    throw new Refusal("broken_handover");
  }
  return rootsIn(claims.body.get(HANDOVER_ROOTS));
}

function claimsOf(payload: Value): { issuer: string; body: ValueMap } | null {
  if (!(payload instanceof Map)) {
    return null;
  }
  const issuer = payload.get(ISSUER);
  const body = payload.get(BODY);
  return typeof issuer === "string" && body instanceof Map ? { issuer, body } : null;
}

function isHandovers(value: Value | undefined): value is Uint8Array[] {
  return (
    Array.isArray(value) &&
    value.length >= 1 &&
    value.length <= MAX_HANDOVERS &&
    value.every((item) => item instanceof Uint8Array)
  );
}

function rootsIn(value: Value | undefined): readonly Uint8Array[] {
  if (!Array.isArray(value) || value.length > MAX_ROOTS) {
    return [];
  }
  return value.map(coseKey).filter((key) => key instanceof Uint8Array);
}
