import type { Dictionary } from "../codec/dictionary.ts";
import type { Frame } from "../codec/frame.ts";
import { readCertificate, readRecord } from "../statement/read.ts";
import type { ReadRecord, ReadStatement } from "../statement/read.ts";
import type { Statement } from "../statement/statement.ts";
import type { KeyEntry } from "../trust/key_entry.ts";
import type { TrustStore } from "../trust/store.ts";
import { STATEMENT_CHECKS } from "../verdict.ts";
import type { Finding, Reason, Verdict } from "../verdict.ts";
import { acceptingKey, entryOf, findCandidates } from "./candidates.ts";
import { finding, passed, reading, refused, stopped, verdictOf } from "./findings.ts";
import { isGood, issuerTrusted, isVouchedFor, keyPeriod, validity } from "./issuer_steps.ts";
import { presentedInText, presentedInToken } from "./presented.ts";
import type { Presented } from "./presented.ts";
import type { Question } from "./question.ts";
import { askShare } from "./share.ts";
import type { ShareAnswer } from "./share.ts";
import { status } from "./status.ts";

export { recordLink } from "./record_link.ts";
export type { Question } from "./question.ts";

/**
 * The verdict on a link, a fragment or what a QR code holds (docs/spec.md, sections 9 and 15.6),
 * with the file of a sealed share where it is at hand. Whatever the text, the file and the trust,
 * there is a verdict; only a platform without Ed25519 makes it throw.
 */
export async function verifyText(
  text: string,
  store: TrustStore,
  dictionary: Dictionary,
  question: Question,
  sealedFile: Uint8Array | null = null,
): Promise<Verdict> {
  return verify(() => presentedInText(text, dictionary, sealedFile), store, question);
}

/** The verdict on a token, as `verifyText` gives it. */
export async function verifyToken(
  token: Uint8Array,
  store: TrustStore,
  question: Question,
): Promise<Verdict> {
  return verify(() => presentedInToken(token), store, question);
}

async function verify(
  read: () => Presented | Promise<Presented>,
  store: TrustStore,
  question: Question,
): Promise<Verdict> {
  if ((question.maxStaleness ?? 0n) < 0n) {
    throw new RangeError("maxStaleness is never negative");
  }
  const step1 = await reading(read);
  return "reason" in step1 ? refusedInput(step1.reason) : check(step1.read, store, question);
}

/** Step 1 stops with eight findings, whatever the input was meant to be. */
function refusedInput(reason: Reason): Verdict {
  return stopped([refused("FORMAT", reason)], STATEMENT_CHECKS);
}

async function check(
  presented: Presented,
  store: TrustStore,
  question: Question,
): Promise<Verdict> {
  const { frame, checks, fileIssuer } = presented;
  const findings = [passed("FORMAT")];
  const stop = (last: Finding): Verdict => stopped([...findings, last], checks);
  const stopAtStep2 = (reason: Reason): Verdict =>
    stopped([passed("FORMAT"), finding("ISSUER_TRUSTED", "UNKNOWN", reason)], checks);

  const { entries, isOneRefused } = await findCandidates(store, frame.kid);
  if (entries.length === 0) {
    return stopAtStep2(isOneRefused ? "issuer_document_refused" : "unknown_key");
  }
  findings.push(passed("ISSUER_TRUSTED"));

  const key = await acceptingKey(frame, entries);
  if (key === null) {
    return isOneRefused
      ? stopAtStep2("issuer_document_refused")
      : stop(finding("SIGNATURE", "FAILED", "signature_mismatch"));
  }
  findings.push(passed("SIGNATURE"));

  const step4 = await reading(() => readStatement(frame));
  if ("reason" in step4) {
    return stop(refused("SCHEMA", step4.reason));
  }
  const { read } = step4;
  if (fileIssuer !== null && fileIssuer !== read.issuer) {
    return refusedInput("sealed_file_refused");
  }
  findings.push(passed("SCHEMA"));

  const entry = await entryOf(store, read.issuer, key);
  if (entry === "refused") {
    return stopAtStep2("issuer_document_refused");
  }
  return entry === null
    ? stop(finding("ISSUER_MATCHES_KEY", "FAILED", "other_issuer"))
    : answer(presented, read, entry, store, question);
}

/** Step 2, again, and steps 6 to 12, each for itself. */
async function answer(
  { frame, share }: Presented,
  read: ReadStatement,
  entry: KeyEntry,
  store: TrustStore,
  question: Question,
): Promise<Verdict> {
  const issuer = store.held(read.issuer);
  const trusted = await issuerTrusted(store, read.issuer, question);
  const isVouched = await isVouchedFor(frame, entry);
  const shared = isRecord(read) ? await askShare(share, read, issuer, question) : null;
  const findings = [
    passed("FORMAT"),
    trusted,
    passed("SIGNATURE"),
    passed("SCHEMA"),
    passed("ISSUER_MATCHES_KEY"),
    keyPeriod(entry, read.issuedAt, isVouched),
    validity(read, question),
    await status("STATUS", read.status, issuer, question),
    ...(shared?.findings ?? []),
  ];
  const isShown = trusted.outcome === "PASSED" && (isGood(entry) || isVouched);
  return verdictOf(findings, isShown ? shown(read, shared) : null);
}

async function readStatement(frame: Frame): Promise<ReadStatement> {
  return frame.kind === "certificate"
    ? readCertificate(frame.payload)
    : await readRecord(frame.payload, frame.disclosures);
}

function isRecord(read: ReadStatement): read is ReadRecord {
  return "holderKey" in read;
}

/** The statement, of a share with what its holder signed (section 9.4). */
function shown({ statement }: ReadStatement, shared: ShareAnswer | null): Statement {
  const claims = shared?.claims ?? null;
  return statement.kind === "record" && claims !== null
    ? { kind: "record", record: { ...statement.record, share: claims } }
    : statement;
}
