// Whatever the bytes, the text and the trust: there is a verdict (docs/spec.md, section 9.1).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { dictionary1 } from "../../src/codec/dictionary.ts";
import { sameBytes } from "../../src/crypto/digest.ts";
import { TrustStore } from "../../src/trust/store.ts";
import { Refusal } from "../../src/verdict.ts";
import type { Verdict } from "../../src/verdict.ts";
import { verifyText } from "../../src/verify/verify.ts";
import { certificate, document, statusList, trustIn } from "../issuing.ts";
import { inText, record, SEALED_LINK, sealed, share } from "../sharing.ts";
import { at, verify } from "./verdicts.ts";

const DICTIONARY = await dictionary1(
  readFileSync(new URL("../../../src/signedcert/codec/dictionary1.bin", import.meta.url)),
);
const TRUST = await (await trustIn(await document())).withStatusList(await statusList());
const CERTIFICATE = await certificate({ body: { 12: [1, 7] } });
const SHARE = await share(await record());

/** xorshift32: the same faults in every run. */
function* numbers(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield state >>> 0;
  }
}

const RANDOM = numbers(20_261_102);
const random = (below: number): number => (RANDOM.next().value as number) % below; // it never ends

/** A few bytes changed, cut out or put in: other bytes, in any case. */
function mangled(bytes: Uint8Array): Uint8Array {
  const other = mangledOnce(bytes);
  return sameBytes(other, bytes) ? mangled(bytes) : other;
}

function mangledOnce(bytes: Uint8Array): Uint8Array {
  const copy = [...bytes];
  for (let count = 0; count <= random(3); count += 1) {
    const replaced = Array.from({ length: random(3) }, () => random(256));
    copy.splice(random(copy.length), random(3), ...replaced);
  }
  return Uint8Array.from(copy);
}

/** A verdict that keeps to its own rules. */
function check(verdict: Verdict): void {
  assert.ok([8, 12].includes(verdict.findings.length));
  const outcomes = verdict.findings.map(({ outcome }) => outcome);
  const isInvalid = outcomes.includes("FAILED");
  assert.equal(verdict.status === "INVALID", isInvalid);
  assert.equal(verdict.findings[0]?.check, "FORMAT");
  if (outcomes.slice(0, 5).some((outcome) => outcome !== "PASSED")) {
    assert.equal(verdict.statement, null);
  }
}

test("tokens with faults", async () => {
  for (let turn = 0; turn < 1500; turn += 1) {
    const token = turn % 2 === 0 ? CERTIFICATE : SHARE;
    const verdict = await verify(mangled(token), TRUST);
    check(verdict);
    assert.notEqual(verdict.status, "VALID");
  }
});

test("texts with faults", async () => {
  const text = inText(SHARE);
  const odd = [
    "",
    "#",
    "\ud800",
    "\0",
    "https://",
    "https://a/#",
    "AAAA",
    "é",
    "9".repeat(70_000),
    " # ",
    "%41",
  ];
  for (const given of [
    ...odd,
    ...Array.from({ length: 300 }, () =>
      Buffer.from(mangled(Buffer.from(text))).toString("latin1"),
    ),
  ]) {
    check(await verifyText(given, TRUST, DICTIONARY, at()));
  }
});

test("sealed files with faults", async () => {
  const file = sealed(SHARE);
  for (let turn = 0; turn < 100; turn += 1) {
    const verdict = await verifyText(SEALED_LINK, TRUST, DICTIONARY, at(), mangled(file));
    check(verdict);
    assert.equal(verdict.status, "INVALID");
  }
});

test("trust with faults never makes anything else of a verdict, nor throws", async () => {
  const bundle = TRUST.toBundle();
  const statuses = new Set<string>();
  for (let turn = 0; turn < 1500; turn += 1) {
    let store: TrustStore;
    try {
      store = TrustStore.fromBundle(mangled(bundle));
    } catch (error) {
      assert.ok(error instanceof Refusal);
      statuses.add(error.reason);
      continue;
    }
    const verdict = await verify(CERTIFICATE, store);
    check(verdict);
    statuses.add(verdict.status);
    assert.notEqual(verdict.status, "INVALID");
    await store.describe(store.issuers[0] ?? "");
  }
  assert.ok(statuses.has("INDETERMINATE") && statuses.has("not_deterministic"));
});

test("a verdict does not depend on what was opened before", async () => {
  const warm = TrustStore.fromBundle(TRUST.toBundle());
  for (let turn = 0; turn < 3; turn += 1) {
    for (const token of [CERTIFICATE, SHARE, mangled(SHARE)]) {
      const cold = TrustStore.fromBundle(TRUST.toBundle());
      assert.deepEqual(await verify(token, warm), await verify(token, cold));
      const [one, other] = await Promise.all([verify(token, cold), verify(token, cold)]);
      assert.deepEqual(one, other);
    }
  }
});
