/**
 * Every conformance vector against this verifier. `tests/unit/test_conformance.py` runs them against
 * the Python library; tests/vectors/conformance/README.md says what stands in them.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { dictionary1 } from "../src/codec/dictionary.ts";
import { TrustStore } from "../src/trust/store.ts";
import { Refusal } from "../src/verdict.ts";
import type { Finding, Verdict } from "../src/verdict.ts";
import { recordLink } from "../src/verify/record_link.ts";
import { verifyText, verifyToken } from "../src/verify/verify.ts";
import type { Question } from "../src/verify/verify.ts";

type Held = { readonly bundle: string } | { readonly issuer: string; readonly key_set: string };

interface Case {
  readonly name: string;
  readonly fault: string;
  readonly text?: string;
  readonly token?: string;
  readonly sealed_file?: string;
  readonly certificate?: string;
  readonly record?: string;
  readonly trust: string;
  readonly now: string;
  readonly max_staleness?: number;
  readonly audience?: string;
  readonly expect?: unknown;
  readonly trust_refused?: string | null;
  readonly record_link?: readonly string[];
}

interface Topic {
  readonly description: string;
  readonly trust: Readonly<Record<string, Held>>;
  readonly cases: readonly Case[];
}

const ROOT = new URL("../../", import.meta.url);
const FOLDER = new URL("tests/vectors/conformance/", ROOT);
const dictionary = await dictionary1(
  readFileSync(new URL("src/signedcert/codec/dictionary1.bin", ROOT)),
);

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

/** Microseconds since 1970, of a moment in UTC with up to six decimals. */
function microseconds(moment: string): bigint {
  const [seconds, decimals = ""] = moment.slice(0, -1).split(".");
  const whole = BigInt(Date.parse(`${seconds}Z`)) * 1000n;
  return whole + BigInt(decimals.padEnd(6, "0"));
}

async function storeOf(held: Held): Promise<TrustStore> {
  return "bundle" in held
    ? TrustStore.fromBundle(bytes(held.bundle))
    : TrustStore.fromKeySet(held.issuer, bytes(held.key_set));
}

function questionOf(vector: Case): Question {
  return {
    now: microseconds(vector.now),
    maxStaleness: BigInt(Math.round((vector.max_staleness ?? 0) * 1e6)),
    audience: vector.audience ?? null,
  };
}

async function verdictOf(vector: Case, store: TrustStore): Promise<Verdict> {
  const question = questionOf(vector);
  if (vector.token !== undefined) {
    return verifyToken(bytes(vector.token), store, question);
  }
  const file = vector.sealed_file === undefined ? null : bytes(vector.sealed_file);
  return verifyText(vector.text ?? assert.fail("no input"), store, dictionary, question, file);
}

function utc(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

function written({ check, outcome, reason, asOf }: Finding): string[] {
  return [check, outcome, reason, ...(asOf === null ? [] : [utc(asOf)])];
}

/** A verdict as the vectors write it: findings that were run, and how many more there are. */
function asVector({ status, asOf, findings, statement }: Verdict): unknown {
  const run = findings.findLastIndex(({ outcome }) => outcome !== "NOT_RUN") + 1;
  const shown = statement?.kind === "record" ? statement.record : statement?.certificate;
  return {
    status,
    as_of: asOf === null ? null : utc(asOf),
    findings: findings.slice(0, run).map(written),
    not_run: findings.slice(run).filter(({ reason }) => reason === "not_reached").length,
    statement: shown ?? null,
  };
}

async function check(vector: Case, held: Held): Promise<void> {
  if (vector.trust_refused !== undefined) {
    await assert.rejects(storeOf(held), (error) => {
      assert(error instanceof Refusal);
      // Section 10 names no reasons for key sets.
      return vector.trust_refused === null || error.reason === vector.trust_refused;
    });
    return;
  }
  const store = await storeOf(held);
  if (vector.certificate !== undefined && vector.record !== undefined) {
    const question = questionOf(vector);
    const certificate = await verifyToken(bytes(vector.certificate), store, question);
    const record = await verifyToken(bytes(vector.record), store, question);
    assert.deepEqual(written(await recordLink(certificate, record)), vector.record_link);
    return;
  }
  assert.deepEqual(asVector(await verdictOf(vector, store)), vector.expect);
}

for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".json"))) {
  // The files are the project's own; a case that is not as said above fails when it is run.
  const topic = JSON.parse(readFileSync(new URL(name, FOLDER), "utf-8")) as Topic;
  suite(name, () => {
    for (const vector of topic.cases) {
      test(`${vector.name}: ${vector.fault}`, async () => {
        await check(vector, topic.trust[vector.trust] ?? assert.fail("no such trust"));
      });
    }
  });
}
