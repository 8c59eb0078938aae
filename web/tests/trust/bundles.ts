/** Bundles that no store would write, for tests. */
import { compareBytes } from "../../src/crypto/digest.ts";
import { TrustStore } from "../../src/trust/store.ts";
import { encode } from "../encoding.ts";
import type { Encodable } from "../encoding.ts";
import { changed, ROOT } from "../issuing.ts";
import type { Changes, Signer } from "../issuing.ts";

export interface Row {
  readonly name: string;
  readonly token: Uint8Array;
  readonly epoch?: number;
  readonly roots?: readonly Uint8Array[];
  readonly lists?: readonly (readonly [number, Uint8Array])[];
  readonly end?: readonly [number, number];
}

export function row(issuer: Row): Encodable {
  const { name, token, epoch = 1, roots = [ROOT.publicKey], lists = [], end = [] } = issuer;
  return [name, token, epoch, roots, lists, ...end];
}

/** Records of an index: who is named, and the position of the issuer. */
export type Records = readonly (readonly [Signer, number])[];

export function index(records: Records): Uint8Array {
  const rows = records.map(([signer, position]) => Buffer.from([...signer.kid, 0, 0, 0, position]));
  return new Uint8Array(Buffer.concat(rows.sort(compareBytes)));
}

export function bundleBytes(
  issuers: readonly Row[],
  records: Records,
  changes: Changes = {},
): Uint8Array {
  return encode(changed({ 0: 1, 3: issuers.map(row), 4: index(records) }, changes));
}

export function bundleOf(
  issuers: readonly Row[],
  records: Records,
  changes: Changes = {},
): TrustStore {
  return TrustStore.fromBundle(bundleBytes(issuers, records, changes));
}

/** The token with its last bit turned: one of the signature's. */
export function damaged(token: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(token);
  copy[copy.length - 1] = (copy[copy.length - 1] ?? 0) ^ 1;
  return copy;
}
