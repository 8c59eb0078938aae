import type { IssuerDocument } from "../statement/documents.ts";
import { Refusal } from "../verdict.ts";
import { lookIn } from "./looking_in.ts";
import { TrustStore } from "./store.ts";

/** An issuer that is trusted because its own document says so. */
export interface FirstUse {
  readonly store: TrustStore;
  readonly issuer: string;
  /** The listed root that was relied on. */
  readonly root: Uint8Array;
}

/**
 * Trust on first use (docs/spec.md, section 16, "First contact"): the first of the roots that the
 * document lists which leads to it. Whoever answered is trusted; software has to say so. Refused
 * with the reason of the root that came furthest, `untrusted_root` where none is listed.
 */
export async function documentOnFirstUse(token: Uint8Array): Promise<FirstUse> {
  const { issuer, listedRoots } = lookIn(token);
  let refusal = new Refusal("untrusted_root");
  for (const root of listedRoots) {
    try {
      const store = await TrustStore.empty().withIssuerDocument(token, root);
      return { store, issuer, root };
    } catch (error) {
      if (!(error instanceof Refusal)) {
        throw error;
      }
      refusal = refusal.reason === "untrusted_root" ? error : refusal;
    }
  }
  throw refusal;
}

/** Where the issuer publishes a status list (section 12.3); null where it publishes none. */
export function statusListUri(document: IssuerDocument, list: number): string | null {
  return document.statusLists?.replace("{number}", String(list)) ?? null;
}
