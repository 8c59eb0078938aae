/**
 * Verdicts by the line: a question as JSON on each line of the standard input, its answer as JSON
 * on a line of the standard output, in order. The answers have the layout of
 * `signedcert verify --json`, so that two implementations can be compared. Not part of the page.
 *
 *   {"text": … | "token": base64, "sealed_file": base64?,
 *    "trust": {"bundle": base64} | {"issuer": …, "key_set": base64} | {"empty": true},
 *    "now": "microseconds", "max_staleness": "microseconds"?, "audience": …?}
 */
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { dictionary1 } from "../src/codec/dictionary.ts";
import type { Statement } from "../src/statement/statement.ts";
import { TrustStore } from "../src/trust/store.ts";
import { Refusal } from "../src/verdict.ts";
import type { Finding, Reason, Verdict } from "../src/verdict.ts";
import { verifyText, verifyToken } from "../src/verify/verify.ts";
import type { Question } from "../src/verify/verify.ts";

type Trust = { bundle: string } | { issuer: string; key_set: string } | { empty: true };

type Presented = { text: string; sealed_file?: string } | { token: string };

type Line = Presented & {
  readonly trust: Trust;
  readonly now: string;
  readonly max_staleness?: string;
  readonly audience?: string;
};

const DICTIONARY = new URL("../../src/signedcert/codec/dictionary1.bin", import.meta.url);

const dictionary = await dictionary1(await readFile(DICTIONARY));
const stores = new Map<string, Promise<TrustStore | Reason>>();

for await (const text of createInterface({ input: process.stdin })) {
  // The programs that drive this write these lines; what is wrong with one shows as an error.
  const line = JSON.parse(text) as Line;
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
}

async function answer(line: Line): Promise<unknown> {
  const store = await storeFor(line.trust);
  if (!(store instanceof TrustStore)) {
    return { trust_refused: store };
  }
  const question: Question = {
    now: BigInt(line.now),
    maxStaleness: BigInt(line.max_staleness ?? 0),
    audience: line.audience ?? null,
  };
  return asJson(
    "token" in line
      ? await verifyToken(fromBase64(line.token), store, question)
      : await verifyText(line.text, store, dictionary, question, sealedFileOf(line)),
  );
}

function sealedFileOf(line: { sealed_file?: string }): Uint8Array | null {
  return line.sealed_file === undefined ? null : fromBase64(line.sealed_file);
}

/** One store for all lines with the same trust. */
function storeFor(trust: Trust): Promise<TrustStore | Reason> {
  const name = JSON.stringify(trust);
  const store = stores.get(name) ?? orReason(() => makeStore(trust));
  stores.set(name, store);
  return store;
}

async function makeStore(trust: Trust): Promise<TrustStore> {
  if ("bundle" in trust) {
    return TrustStore.fromBundle(fromBase64(trust.bundle));
  }
  return "key_set" in trust
    ? TrustStore.fromKeySet(trust.issuer, fromBase64(trust.key_set))
    : TrustStore.empty();
}

async function orReason(make: () => Promise<TrustStore>): Promise<TrustStore | Reason> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof Refusal) {
      return error.reason;
    }
    throw error;
  }
}

function asJson({ status, asOf, findings, statement }: Verdict): unknown {
  return {
    status,
    as_of: asOf === null ? null : dateTime(asOf),
    findings: findings.map(findingAsJson),
    statement: statement === null ? null : statementAsJson(statement),
  };
}

function statementAsJson(statement: Statement): unknown {
  return statement.kind === "record" ? statement.record : statement.certificate;
}

function findingAsJson({ check, outcome, reason, asOf }: Finding): unknown {
  return { check, outcome, reason, ...(asOf === null ? {} : { as_of: dateTime(asOf) }) };
}

/** RFC 3339 in UTC, to the second. */
function dateTime(moment: number): string {
  return new Date(moment * 1000).toISOString().replace(".000Z", "Z");
}

function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
