import { sameBytes, toHex } from "../crypto/digest.ts";
import { TrustStore } from "../trust/store.ts";
import { type Reason, Refusal } from "../verdict.ts";
import type { FileTrust } from "./kept.ts";

/** The page's own bound; a bundle may have more (docs/spec.md, section 13.1). */
export const IMPORT_LIMIT = 64 * 1024 * 1024;

/** The file is of a kind that cannot be read without this. Ask the person, and try again. */
export class ImportNeeds extends Error {
  readonly needs: "operator key" | "issuer";

  constructor(needs: "operator key" | "issuer") {
    super(`the file cannot be read without the ${needs}`);
    this.name = "ImportNeeds";
    this.needs = needs;
  }
}

/** The file and the one that is kept cannot both be right: another root, or an older document. */
export class ImportContradicts extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(`the file contradicts the one that is kept: ${reason}`);
    this.name = "ImportContradicts";
    this.reason = reason;
  }
}

/** The member `iss` of a key set (section 10.1), which may begin with https://. */
function issuerOfKeySet(bytes: Uint8Array): string | null {
  let set: unknown;
  try {
    set = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal("schema_violation");
  }
  if (typeof set !== "object" || set === null || !("iss" in set)) return null;
  return typeof set.iss === "string" ? set.iss.replace(/^https:\/\//, "") : null;
}

/**
 * The store that a file holds: an unsigned bundle, a signed bundle with its operator's key (section
 * 13.3), or a key set (section 10). Refusal where it is none, ImportNeeds where it is not enough.
 */
export async function readTrustFile(
  name: string,
  bytes: Uint8Array,
  operatorKey?: Uint8Array,
  issuer?: string,
): Promise<FileTrust> {
  if (bytes.length > IMPORT_LIMIT) throw new Refusal("too_large");
  const file = { name, importedAt: Date.now(), operator: null };
  const first = bytes[0];
  if (first === 0xd2) {
    if (operatorKey === undefined) throw new ImportNeeds("operator key");
    const store = await TrustStore.fromSignedBundle(bytes, operatorKey);
    return { store, file: { ...file, operator: toHex(operatorKey) } };
  }
  // A bundle is a map of 3 to 5 entries; JSON begins with white space or a brace.
  if (first === undefined || first > 0x7f) return { store: TrustStore.fromBundle(bytes), file };
  const publisher = issuer ?? issuerOfKeySet(bytes);
  if (publisher === null) throw new ImportNeeds("issuer");
  return { store: await TrustStore.fromKeySet(publisher, bytes), file };
}

/**
 * Another root, or an older document, for an issuer that a kept store has: ImportContradicts. Whoever
 * means it removes what is kept first, knowingly.
 */
export async function checkAgreement(kept: TrustStore, imported: TrustStore): Promise<void> {
  for (const issuer of imported.issuers) {
    const [mine, theirs] = [kept.held(issuer), imported.held(issuer)];
    if (mine === undefined || theirs === undefined) continue;
    if (sameBytes(mine.content.published, theirs.content.published)) continue;
    try {
      await kept.withIssuerDocument(theirs.content.published);
    } catch (error) {
      if (error instanceof Refusal) throw new ImportContradicts(error.reason);
      throw error;
    }
  }
}
