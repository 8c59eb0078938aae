/**
 * Payloads: docs/spec.md, sections 6, 15.2, 15.5 and 15.6. Each function throws a Refusal with the
 * gravest fault that is anywhere in what it reads (section 6.3), and promises that what it gives is
 * all that the payload says.
 */
import { decode, decodeRecordPayload } from "../codec/cbor.ts";
import { SIMPLE_59 } from "../codec/values.ts";
import { openPayload, optional, type Payload, present, readPayload } from "./claims.ts";
import { confirmation } from "./cose_key.ts";
import { readDisclosures } from "./disclosures.ts";
import { demand, Faults } from "./kind.ts";
import { CERTIFICATE, CLAIMS } from "./models.ts";
import { byteString, seconds } from "./quantities.ts";
import { readDigests, RECORD_CLAIMS, SHARE, SHARE_CLAIMS, VISIBLE } from "./record.ts";
import type { ShareClaims, Statement, StatusReference } from "./statement.ts";
import { labelsOf } from "./table.ts";
import { issuer } from "./text.ts";

export interface ReadStatement {
  readonly statement: Statement;
  readonly issuer: string;
  /** Moments in seconds since 1970 in UTC. */
  readonly issuedAt: number;
  readonly validFrom: number | null;
  readonly expiresAt: number | null;
  readonly status: StatusReference | null;
  readonly id: Uint8Array;
}

/** The statement is of kind "record", without `share`. */
export interface ReadRecord extends ReadStatement {
  /** The Ed25519 key that signs shares. */
  readonly holderKey: Uint8Array;
  readonly sharePlaces: { readonly list: number; readonly first: number } | null;
}

export interface ReadShare {
  readonly claims: ShareClaims;
  readonly audience: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly slot: number;
}

const tenBytes = byteString(10);

/** The payload of a certificate. */
export function readCertificate(payload: Uint8Array): ReadStatement {
  const faults = new Faults();
  const opened = openPayload(decode(payload));
  const certificate = readPayload(opened, CLAIMS, CERTIFICATE, faults);
  const claims = readClaims(opened);
  faults.settle();
  return {
    ...claims,
    statement: { kind: "certificate", certificate },
    status: certificate.status ?? null,
  };
}

/** The payload of a record with the contents of what it discloses. */
export async function readRecord(
  payload: Uint8Array,
  disclosures: readonly Uint8Array[],
): Promise<ReadRecord> {
  const faults = new Faults();
  const opened = openPayload(decodeRecordPayload(payload));
  const visible = readPayload(opened, RECORD_CLAIMS, VISIBLE, faults, [SIMPLE_59]);
  const claims = readClaims(opened);
  const digests = readDigests(opened.body.get(SIMPLE_59));
  const { subject, ...shown } = visible;
  demand(subject === shown.id);
  faults.settle();

  const taken = [...labelsOf(VISIBLE), ...opened.body.keys()];
  const disclosed = await readDisclosures(disclosures, digests, taken, faults);
  faults.settle();
  const additional = { ...shown.additional, ...disclosed.additional };
  return {
    ...claims,
    statement: {
      kind: "record",
      record: {
        ...shown,
        ...disclosed.fields,
        withholds_entries: disclosed.withholds,
        ...(Object.keys(additional).length > 0 ? { additional } : {}),
      },
    },
    status: shown.status ?? null,
    holderKey: present(opened.claims, 8, confirmation),
    sharePlaces: shown.share_places ?? null,
  };
}

/** The payload of a share. */
export function readShare(payload: Uint8Array): ReadShare {
  const faults = new Faults();
  const opened = openPayload(decode(payload));
  const claims = readPayload(opened, SHARE_CLAIMS, SHARE, faults);
  const issuedAt = present(opened.claims, 6, seconds);
  const expiresAt = present(opened.claims, 4, seconds);
  demand(expiresAt > issuedAt);
  faults.settle();
  return { claims, audience: claims.audience, issuedAt, expiresAt, slot: claims.slot };
}

/** The claims of a statement as the steps of section 9.2 need them. */
function readClaims({ claims }: Payload): Omit<ReadStatement, "statement" | "status"> {
  const issuedAt = present(claims, 6, seconds);
  const validFrom = optional(claims, 5, seconds);
  const expiresAt = optional(claims, 4, seconds);
  demand(expiresAt === null || expiresAt > (validFrom ?? issuedAt));
  return {
    issuer: present(claims, 1, issuer),
    issuedAt,
    validFrom,
    expiresAt,
    id: present(claims, 7, tenBytes),
  };
}
