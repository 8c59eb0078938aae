// What a status list says, and whose it is: docs/spec.md, sections 12.2 (rule 10) to 12.5.
import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { test } from "node:test";
import { joined } from "../../src/codec/joined.ts";
import type { TrustStore } from "../../src/trust/store.ts";
import { encode } from "../encoding.ts";
import type { Encodable } from "../encoding.ts";
import {
  DAY,
  document,
  ended,
  FINAL,
  headerOf,
  ISSUER,
  KEY,
  KEY_END,
  LAST,
  LIST_END,
  PUBLISHED,
  ROOT,
  signedWith,
  signingKey,
  STATUS_KEY,
  statusList,
  trustIn,
} from "../issuing.ts";
import type { Changes, ListOptions } from "../issuing.ts";
import { damaged } from "./bundles.ts";
import { FLOAT, NULL, taken, takenWith, TYPE, UNDEFINED } from "./lists.ts";

const TRUST = await trustIn(await document());
const LIST = await statusList();

test("the claims", async () => {
  const takenClaims = (claims: Changes): Promise<unknown> => takenWith({ claims });
  const violation = "schema_violation";
  assert.equal(await takenClaims({ 1: NULL, 99: FLOAT, 65535: UNDEFINED }), null);
  assert.equal(await takenClaims({ 4: null, 65534: null }), null);
  for (const value of [NULL, UNDEFINED, FLOAT, -1, LAST + 1, "1", new Uint8Array(1)]) {
    for (const label of [4, 5, 6, 65534]) {
      assert.equal(await takenClaims({ [label]: value }), violation);
    }
  }
  assert.equal(await takenClaims({ 5: LAST, 4: LAST }), null);
  assert.equal(await takenClaims({ 6: null }), violation);
  assert.equal(await takenClaims({ 65534: 0 }), violation);
  assert.equal(await takenClaims({ 65534: LAST - PUBLISHED }), null);
  assert.equal(await takenClaims({ 65534: LAST - PUBLISHED + 1 }), violation);
  for (const uri of [null, 5, NULL, "", "status/1", "https://a b", "1x:a", "https:", "https://é"]) {
    assert.equal(await takenClaims({ 2: uri }), violation);
  }
  for (const list of [null, NULL, [], "x"]) {
    assert.equal(await takenClaims({ 65533: list }), violation);
  }
  const loose = await signedWith(headerOf(STATUS_KEY, TYPE), Uint8Array.of(0xbf, 0xff), STATUS_KEY);
  assert.equal(await taken(loose), "not_deterministic");
  assert.equal(
    await taken(await signedWith(headerOf(STATUS_KEY, TYPE), encode([]), STATUS_KEY)),
    violation,
  );
});

test("the list in the claims", async () => {
  const takenList = (name: string, value: Encodable): Promise<unknown> =>
    takenWith({ list: new Map([[name, value]]) });
  for (const bits of [0, 3, 16, NULL, FLOAT, "1", true]) {
    assert.equal(await takenList("bits", bits), "schema_violation");
  }
  for (const lst of [NULL, "x", 5]) {
    assert.equal(await takenList("lst", lst), "schema_violation");
  }
  for (const uri of [NULL, UNDEFINED, 5]) {
    assert.equal(await takenList("aggregation_uri", uri), "schema_violation");
  }
  assert.equal(await takenList("aggregation_uri", "anything"), null);
  assert.equal(await takenList("other", NULL), null);
  const zlib = new Uint8Array(deflateSync(new Uint8Array(10)));
  assert.equal(await takenList("lst", zlib), null);
  for (const broken of [
    zlib.subarray(1),
    zlib.slice(0, -1),
    joined(zlib, zlib),
    new Uint8Array(0),
    damaged(zlib),
  ]) {
    assert.equal(await takenList("lst", broken), "damaged_compression");
  }
  assert.equal(
    await takenList("lst", new Uint8Array(deflateSync(new Uint8Array(0)))),
    "schema_violation",
  );
  const size = 33_554_432;
  assert.equal(await takenList("lst", new Uint8Array(deflateSync(new Uint8Array(size)))), null);
  assert.equal(
    await takenList("lst", new Uint8Array(deflateSync(new Uint8Array(size + 1)))),
    "too_large",
  );
});

test("the URI is that of a number, character for character", async () => {
  const { lists } = await (
    await TRUST.withStatusList(await statusList({ number: 2 ** 53 - 1 }))
  ).describe(ISSUER);
  assert.equal(lists[0]?.number, 2 ** 53 - 1);
  for (const number of ["01", "-1", "1.0", "", "x", "1/2", "9007199254740992", "number"]) {
    assert.equal(await takenWith({ number }), "status_list_refused", number);
  }
  for (const uri of [
    "http://learn.example.edu/status/1.cwt",
    "https://learn.example.edu/status/1.cwtx",
    "https://Learn.example.edu/status/1.cwt",
  ]) {
    assert.equal(await takenWith({ claims: { 2: uri } }), "status_list_refused");
  }
  const without = await trustIn(await document({ body: { 9: null } }));
  assert.equal(await taken(LIST, without), "status_list_refused");
  // A template whose ends would overlap in a URI that is too short for both.
  const narrow = await trustIn(await document({ body: { 9: "https://a.example/1{number}1" } }));
  assert.equal(
    await takenWith({ claims: { 2: "https://a.example/1" } }, narrow),
    "status_list_refused",
  );
  assert.equal(await takenWith({ claims: { 2: "https://a.example/111" } }, narrow), null);
});

test("the key was good on the day of the list", async () => {
  const keyed = async (changes: Changes, options: ListOptions = {}): Promise<unknown> => {
    const keys = [signingKey(KEY), signingKey(STATUS_KEY, 1, changes)];
    return takenWith(options, await trustIn(await document({ body: { 8: keys } })));
  };
  const refused = "status_list_refused";
  assert.equal(await keyed({}, { claims: { 6: PUBLISHED - 1 } }), refused);
  assert.equal(await keyed({}, { claims: { 6: KEY_END - 1 } }), null);
  assert.equal(await keyed({}, { claims: { 6: KEY_END } }), refused);
  assert.equal(await keyed(ended(0, PUBLISHED + 1)), null);
  assert.equal(await keyed(ended(0, PUBLISHED)), refused);
  assert.equal(await keyed(ended(1, LAST)), refused);
});

async function listEnd(store: TrustStore, options: ListOptions): Promise<number | null> {
  const { lists } = await (await store.withStatusList(await statusList(options))).describe(ISSUER);
  return lists[0]?.end ?? null;
}

test("until when a list counts", async () => {
  assert.equal(await listEnd(TRUST, {}), LIST_END);
  assert.equal(await listEnd(TRUST, { claims: { 4: null } }), PUBLISHED + 43_200);
  assert.equal(await listEnd(TRUST, { claims: { 4: null, 65534: null } }), PUBLISHED + 7 * DAY);
  const keys = [signingKey(STATUS_KEY, 1, { 3: LAST })];
  const late = await trustIn(await document({ body: { 8: keys } }));
  const near = LAST - 7 * DAY;
  assert.equal(await listEnd(late, { claims: { 4: null, 6: near, 65534: null } }), LAST);
  assert.equal(await listEnd(late, { claims: { 4: null, 6: near + 1, 65534: null } }), near + 1);
});

test("of a final document, only roots sign lists, which need no end", async () => {
  const final = await trustIn(await document({ body: FINAL }));
  assert.equal(await taken(LIST, final), "status_list_refused");
  const byRoot = { by: ROOT, claims: { 4: null, 6: 0 } };
  assert.equal(await takenWith(byRoot, final), null);
  assert.equal(await listEnd(final, byRoot), null);
  assert.equal(await listEnd(final, { by: ROOT, claims: { 6: 0 } }), LIST_END);
});
