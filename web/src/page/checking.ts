/** One check from what somebody presented to a verdict, with everything that is shown beside it. */
import { packedFromText } from "../codec/carriers.ts";
import type { Dictionary } from "../codec/dictionary.ts";
import { type Unpacked, unpack } from "../codec/packed.ts";
import { openSealed, sealedName } from "../crypto/sealed.ts";
import type { Said } from "../files/said.ts";
import type { Basis, Keeper } from "../keeping/keeper.ts";
import { fetchSealed, type Refreshed, refreshLists } from "../keeping/refresh.ts";
import type { Statement } from "../statement/statement.ts";
import type { TrustStore } from "../trust/store.ts";
import { Refusal, type Verdict } from "../verdict.ts";
import { type Question, verifyText, verifyToken } from "../verify/verify.ts";

/** What was presented. Nothing of it is verified, sent or kept. */
export type Subject =
  | {
      readonly kind: "text";
      readonly text: string;
      /** Whether the text stands in the address bar. */
      readonly inAddress: boolean;
      /** The file of a sealed link, where somebody chose it. */
      readonly sealedFile: Uint8Array | null;
      /** Where it was looked for, of what was read from a file. */
      readonly said?: Said | undefined;
    }
  | { readonly kind: "token"; readonly token: Uint8Array; readonly said?: Said };

/** How the reader wants it checked. */
export interface Wishes {
  /** By the keys of this page, although there is a trust file. */
  readonly byPage: boolean;
  /** Who the reader says to be; null where they did not. */
  readonly audience: string | null;
}

export const NO_WISHES: Wishes = { byPage: false, audience: null };

/** How it was checked. */
export interface Policy {
  /** Whose keys counted. */
  readonly basis: Basis;
  /** Who the reader says to be; null where they did not. */
  readonly audience: string | null;
}

/** What the check needs from around it. */
export interface Surroundings {
  readonly keeper: Keeper;
  readonly page: URL;
  readonly refreshed: Promise<Refreshed>;
  readonly dictionary: Promise<Dictionary>;
  readonly progress: (step: "fetching" | "fetching_sealed") => void;
}

export interface Checked {
  readonly subject: Subject;
  readonly policy: Policy;
  readonly verdict: Verdict;
  /** Milliseconds since 1970. */
  readonly checkedAt: number;
  readonly refreshed: Refreshed;
  readonly listProblems: ReadonlyMap<number, string>;
  /** The bytes that were signed; null where there are none. */
  readonly token: Uint8Array | null;
  /** Why the file of a sealed link is missing; null where it is not. */
  readonly sealed: "missing" | "offline" | null;
}

/** What somebody calls themselves, as section 15.6 has it: in NFC, without white space around. */
export function audienceOf(typed: string): string | null {
  const name = typed.normalize("NFC").replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
  return name === "" ? null : name;
}

/** The numbers of the status lists that say whether this was withdrawn, or its link reset. */
export function listsOf(statement: Statement): number[] {
  const signed = statement.kind === "record" ? statement.record : statement.certificate;
  const places = statement.kind === "record" ? statement.record.share_places : undefined;
  const lists = [signed.status?.list, places?.list];
  return [...new Set(lists.filter((list) => list !== undefined))];
}

/** The issuer that a statement names. */
export function issuerOf(statement: Statement): string {
  return statement.kind === "record" ? statement.record.issuer : statement.certificate.issuer;
}

/** Whose keys count now: files come and go while somebody reads. */
function trusted(keeper: Keeper, byPage: boolean): { basis: Basis; store: TrustStore } {
  const { fileStore, pageStore } = keeper;
  if (fileStore === null || byPage) return { basis: "page", store: pageStore };
  return { basis: "file", store: fileStore };
}

/** Never rejects for what was presented; whatever is wrong with it stands in the verdict. */
export async function check(
  subject: Subject,
  wishes: Wishes,
  around: Surroundings,
): Promise<Checked> {
  const { keeper, page } = around;
  const dictionary = await around.dictionary;
  const opened = await open(subject, dictionary, around);
  around.progress("fetching");
  const refreshed = await around.refreshed;

  const checkedAt = Date.now();
  const question: Question = { now: BigInt(checkedAt) * 1000n, audience: wishes.audience };
  const verify = (store: TrustStore): Promise<Verdict> =>
    subject.kind === "token"
      ? verifyToken(subject.token, store, question)
      : verifyText(subject.text, store, dictionary, question, opened.sealedFile);

  let listProblems: ReadonlyMap<number, string> = new Map();
  let { basis, store } = trusted(keeper, wishes.byPage);
  let verdict = await verify(store);
  let asked = false;
  for (;;) {
    if (verdict.statement !== null && !asked) {
      asked = true;
      const lists = listsOf(verdict.statement);
      const issuer = issuerOf(verdict.statement);
      if (lists.length > 0) {
        listProblems = (await refreshLists(keeper, page, issuer, lists)).problems;
      }
    }
    // Stores never change: another one means that something was learned, or decided elsewhere.
    const now = trusted(keeper, wishes.byPage);
    if (now.store === store) break;
    ({ basis, store } = now);
    verdict = await verify(store);
  }
  const policy: Policy = { basis, audience: wishes.audience };
  const { token, sealed } = opened;
  return { subject, policy, verdict, checkedAt, refreshed, listProblems, token, sealed };
}

interface Opened {
  readonly token: Uint8Array | null;
  readonly sealedFile: Uint8Array | null;
  readonly sealed: "missing" | "offline" | null;
}

const NOTHING: Opened = { token: null, sealedFile: null, sealed: null };

async function open(
  subject: Subject,
  dictionary: Dictionary,
  around: Surroundings,
): Promise<Opened> {
  if (subject.kind === "token") return { ...NOTHING, token: subject.token };
  const unpacked = unpackedOrNull(subject.text, dictionary);
  if (unpacked === null) return NOTHING;
  if (unpacked.kind === "token") return { ...NOTHING, token: unpacked.token };
  const { secret } = unpacked;
  let sealedFile = subject.sealedFile;
  if (sealedFile === null) {
    around.progress("fetching_sealed");
    const fetched = await fetchSealed(around.page, await sealedName(secret));
    if (typeof fetched === "string") return { ...NOTHING, sealed: fetched };
    sealedFile = fetched;
  }
  return { token: await sealedToken(secret, sealedFile), sealedFile, sealed: null };
}

/** The verdict says why something cannot be read; here it is enough that it cannot. */
function unpackedOrNull(text: string, dictionary: Dictionary): Unpacked | null {
  try {
    return unpack(packedFromText(text), dictionary);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

async function sealedToken(secret: Uint8Array, file: Uint8Array): Promise<Uint8Array | null> {
  try {
    return (await openSealed(secret, file)).frame.token;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
