/** The frames of issuer documents, handovers and signed bundles: docs/spec.md, section 11.1. */
import { Refusal } from "../verdict.ts";
import { checkSizes, FAMILY, isEmptyMap, readFamilyHeader, readParts } from "./token_parts.ts";

export type DocumentType = "issuer" | "handover" | "bundle";

/** A document as it came, its payload not looked at. */
export interface DocumentFrame {
  readonly token: Uint8Array;
  readonly header: Uint8Array;
  readonly kid: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** The media types of section 18 that are of the family; no other one can be taken for them. */
const KNOWN = ["certificate", "record+sd-cwt", "issuer", "handover", "bundle"];
const MAX_PAYLOAD = { issuer: 67_108_864, handover: 16_384, bundle: 1_073_741_824 };
/** How much longer than its payload a token may be. */
const MAX_AROUND = 256;

/**
 * The table of section 5.2 for this one type, with the sizes of section 11.1: the first fault in
 * its order is the Refusal. That a handover in a document is smaller still, its reader sees to.
 */
export function readDocumentFrame(token: Uint8Array, type: DocumentType): DocumentFrame {
  const maxPayload = MAX_PAYLOAD[type];
  const parts = readParts(token, maxPayload + MAX_AROUND);
  const { header, unprotected, payload, signature } = parts;
  const { kid } = readFamilyHeader(header, {
    accepted: [FAMILY + type],
    refused: KNOWN.filter((known) => known !== type).map((known) => FAMILY + known),
  });
  if (!isEmptyMap(unprotected)) throw new Refusal("unprotected_header");
  checkSizes(parts, maxPayload);
  return { token, header, kid, payload, signature };
}
