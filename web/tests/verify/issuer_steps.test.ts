// KEY_PERIOD and VALIDITY, steps 6 and 7: docs/spec.md, sections 9.2, 9.4 and 11.6.
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareBytes, sha256 } from "../../src/crypto/digest.ts";
import { joined } from "../../src/codec/joined.ts";
import { TrustStore } from "../../src/trust/store.ts";
import {
  certificate,
  document,
  ended,
  ISSUED,
  ISSUER,
  jwk,
  KEY,
  keySet,
  LAST,
  NOW,
  PUBLISHED,
  signingKey,
  SPARE,
  trustIn,
} from "../issuing.ts";
import type { Changes } from "../issuing.ts";
import { record } from "../sharing.ts";
import { at, found, verify } from "./verdicts.ts";

const TOKEN = await certificate();
const TRUST = await trustIn(await document());

async function withKey(changes: Changes): Promise<TrustStore> {
  return trustIn(await document({ body: { 8: [signingKey(KEY, 0, changes)] } }));
}

async function period(changes: Changes): Promise<string> {
  return found(await verify(TOKEN, await withKey(changes)), "KEY_PERIOD");
}

async function periodInSet(members: object): Promise<string> {
  const store = await TrustStore.fromKeySet(ISSUER, keySet([jwk(KEY, members)]));
  return found(await verify(TOKEN, store), "KEY_PERIOD");
}

async function digestOf(token: Uint8Array): Promise<Uint8Array> {
  return (await sha256(token)).subarray(0, 16);
}

test("a key's period begins with its first second and ends before its last", async () => {
  assert.equal(await period({ 2: ISSUED }), "PASSED ok");
  assert.equal(await period({ 2: ISSUED + 1 }), "FAILED before_key_period");
  assert.equal(await period({ 3: ISSUED + 1 }), "PASSED ok");
  assert.equal(await period({ 3: ISSUED }), "FAILED after_key_period");
});

test("a retired key stays good for what it signed before", async () => {
  assert.equal(await period(ended(0, ISSUED + 1)), "PASSED ok");
  assert.equal(await period(ended(0, ISSUED)), "FAILED key_retired");
  assert.notEqual((await verify(TOKEN, await withKey(ended(0, ISSUED)))).statement, null);
  assert.equal(await period({ ...ended(0, ISSUED), 3: ISSUED }), "FAILED after_key_period");
});

test("a compromised key is good for nothing, whatever the dates", async () => {
  const store = await withKey(ended(1, LAST));
  const verdict = await verify(TOKEN, store);
  assert.equal(found(verdict, "KEY_PERIOD"), "FAILED key_compromised");
  assert.equal(verdict.status, "INVALID");
  assert.equal(verdict.statement, null);
});

test("the issuer vouches for a token, among others", async () => {
  const digests = await Promise.all(
    [TOKEN, ...Array.from({ length: 40 }, (_, n) => Uint8Array.of(n))].map(digestOf),
  );
  const sorted = digests.sort(compareBytes);
  const own = await digestOf(TOKEN);
  for (let count = 1; count <= sorted.length; count += 1) {
    const some = sorted.slice(0, count);
    const store = await withKey(ended(1, PUBLISHED, joined(...some)));
    const isAmong = some.some((digest) => compareBytes(digest, own) === 0);
    const expected = isAmong ? "PASSED key_compromised_vouched" : "FAILED key_compromised";
    const verdict = await verify(TOKEN, store);
    assert.equal(found(verdict, "KEY_PERIOD"), expected);
    assert.equal(verdict.statement !== null, isAmong);
  }
});

test("vouching does not stretch periods, and is not asked of other keys", async () => {
  const vouched = await digestOf(TOKEN);
  const outside = { ...ended(1, PUBLISHED, vouched), 2: ISSUED + 9 };
  assert.equal(await period(outside), "PASSED key_compromised_vouched");
  const keys = [
    signingKey(KEY, 0, ended(1, PUBLISHED)),
    signingKey(SPARE, 0, ended(1, 1, vouched)),
  ];
  const store = await trustIn(await document({ body: { 8: keys } }));
  assert.equal(found(await verify(TOKEN, store), "KEY_PERIOD"), "FAILED key_compromised");
});

test("a record is vouched for by its token without disclosures", async () => {
  const store = await withKey(ended(1, PUBLISHED, await digestOf(await record({ shown: 0 }))));
  for (const shown of [0, 1, 4]) {
    const verdict = await verify(await record({ shown }), store);
    assert.equal(found(verdict, "KEY_PERIOD"), "PASSED key_compromised_vouched");
  }
  const disclosed = await withKey(ended(1, PUBLISHED, await digestOf(await record())));
  const verdict = await verify(await record(), disclosed);
  assert.equal(found(verdict, "KEY_PERIOD"), "FAILED key_compromised");
});

test("the periods and revocations of a key set", async () => {
  const since = { revoked_at: ISSUED };
  assert.equal(await periodInSet({}), "NOT_APPLICABLE no_key_period");
  assert.equal(await periodInSet({ nbf: ISSUED }), "PASSED ok");
  assert.equal(await periodInSet({ nbf: ISSUED + 1 }), "FAILED before_key_period");
  assert.equal(await periodInSet({ nbf: ISSUED + 0.9 }), "PASSED ok");
  assert.equal(await periodInSet({ exp: ISSUED }), "FAILED after_key_period");
  assert.equal(await periodInSet({ exp: ISSUED + 1 }), "PASSED ok");
  assert.equal(await periodInSet({ revoked: since }), "FAILED key_revoked");
  assert.equal(await periodInSet({ revoked: { ...since, reason: "lost" } }), "FAILED key_revoked");
  const superseded = { revoked_at: ISSUED, reason: "superseded" };
  assert.equal(await periodInSet({ revoked: superseded }), "FAILED key_retired");
  const later = { ...superseded, revoked_at: ISSUED + 1 };
  assert.equal(await periodInSet({ revoked: later }), "PASSED ok");
  const compromised = { revoked_at: ISSUED, reason: "compromised" };
  assert.equal(await periodInSet({ revoked: compromised }), "FAILED key_compromised");
});

test("what was revoked for no reason that is known is not shown", async () => {
  const set = keySet([jwk(KEY, { revoked: { revoked_at: LAST } })]);
  const verdict = await verify(TOKEN, await TrustStore.fromKeySet(ISSUER, set));
  assert.equal(verdict.statement, null);
});

async function validity(claims: Changes, microseconds: bigint): Promise<string> {
  const token = await certificate({ claims });
  return found(await verify(token, TRUST, at(NOW, microseconds)), "VALIDITY");
}

test("moments are compared to the microsecond, with 300 seconds for clocks", async () => {
  assert.equal(await validity({ 6: NOW + 300 }, 0n), "PASSED ok");
  assert.equal(await validity({ 6: NOW + 300 }, -1n), "FAILED issued_in_future");
  assert.equal(await validity({ 5: NOW + 300 }, 0n), "PASSED ok");
  assert.equal(await validity({ 5: NOW + 300 }, -1n), "FAILED not_yet_valid");
  assert.equal(await validity({ 4: NOW }, -1n), "PASSED ok");
  assert.equal(await validity({ 4: NOW }, 0n), "FAILED expired");
  assert.equal(await validity({ 6: NOW + 301, 5: NOW + 301 }, 0n), "FAILED issued_in_future");
  assert.equal(await validity({ 4: LAST }, 0n), "PASSED ok");
});

test("now may be any moment", async () => {
  for (const now of [-(10n ** 30n), 0n, 10n ** 30n]) {
    const verdict = await verify(TOKEN, TRUST, { now });
    assert.equal(verdict.status, now > 0n ? "INDETERMINATE" : "INVALID");
  }
});
