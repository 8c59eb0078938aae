import { thumbprint, toHex } from "../crypto/digest.ts";
import type { IssuerDocument } from "../statement/documents.ts";
import type { Reason } from "../verdict.ts";
import type { End, HeldIssuer } from "./held_issuer.ts";

/** What a store holds of an issuer, for people. */
export interface IssuerDescription {
  readonly issuer: string;
  readonly kind: "pinned" | "key set";
  /** Why it is refused for verification (section 13.1); null where it is not. */
  readonly problem: Reason | null;
  /** Null for a key set, and where the issuer is refused. */
  readonly document: IssuerDocument | null;
  /** Of the pin. */
  readonly epoch: number | null;
  readonly roots: readonly { readonly key: Uint8Array; readonly thumbprint: string }[];
  readonly asOf: number | null;
  readonly nextUpdate: number | null;
  /** Until when the store vouches for the issuer, where it says so (section 13.4). */
  readonly end: End | null;
  /** In the order of their numbers. */
  readonly lists: readonly ListDescription[];
}

export interface ListDescription {
  readonly number: number;
  readonly iat: number | null;
  readonly end: number | null;
  /** Why it is refused (section 12.1); null where it is not. */
  readonly problem: Reason | null;
}

/** What is held of an issuer, opened; nothing here depends on a clock. */
export async function describeIssuer(
  held: HeldIssuer,
  end: End | null,
): Promise<IssuerDescription> {
  const { name, pin, lists } = held.content;
  const opened = await held.open();
  const document = opened.kind === "document" ? opened.document : null;
  const numbers = [...lists.keys()].sort((one, other) => one - other);
  return {
    issuer: name,
    kind: pin === null ? "key set" : "pinned",
    problem: opened.kind === "refused" ? opened.reason : null,
    document,
    epoch: pin?.epoch ?? null,
    roots: await Promise.all((pin?.roots ?? []).map(describeRoot)),
    asOf: opened.kind === "refused" ? null : opened.issuedAt,
    nextUpdate: document?.nextUpdate ?? null,
    end,
    lists: await Promise.all(numbers.map((number) => describeList(held, number))),
  };
}

async function describeRoot(key: Uint8Array): Promise<{ key: Uint8Array; thumbprint: string }> {
  return { key, thumbprint: toHex(await thumbprint(key)) };
}

async function describeList(held: HeldIssuer, number: number): Promise<ListDescription> {
  const list = await held.openList(number);
  if (list === null || "kind" in list) {
    return { number, iat: null, end: null, problem: list?.reason ?? "status_list_missing" };
  }
  return { number, iat: list.issuedAt, end: list.end, problem: null };
}
