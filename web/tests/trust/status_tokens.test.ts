// Status lists as tokens: docs/spec.md, section 12.2, rules 1 to 9.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joined } from "../../src/codec/joined.ts";
import { bytes, encode, map, Pairs, Raw, tagged } from "../encoding.ts";
import type { Encodable } from "../encoding.ts";
import { headerOf, KEY, ROOT, signedWith, STATUS_KEY, statusList, STRANGER } from "../issuing.ts";
import { damaged } from "./bundles.ts";
import { FLOAT, NULL, taken, takenWith, TYPE, UNDEFINED } from "./lists.ts";

const LIST = await statusList();

/** The list with other headers, or another array around them. */
async function headed(header: Encodable, unprotected: Encodable = map({})): Promise<unknown> {
  const payload = (await parts())[2] ?? assert.fail();
  return taken(await signedWith(encode(header), payload, STATUS_KEY, unprotected));
}

async function parts(): Promise<Uint8Array[]> {
  const header = headerOf(STATUS_KEY, TYPE);
  const payloadAt = 4 + header.length + 1;
  const payload = LIST.subarray(payloadAt + 2, LIST.length - 66);
  return [header, encode(map({})), payload, LIST.subarray(-64)];
}

test("the whole token, before anything in it is looked at", async () => {
  const content = LIST.subarray(1);
  for (const head of ["d2", "d812", "d90012", "da00000012", "db0000000000000012"]) {
    assert.equal(await taken(joined(bytes(head), content)), null, head);
  }
  assert.equal(await taken(new Uint8Array(0)), "empty_input");
  assert.equal(await taken(new Uint8Array(16_777_217)), "too_large");
  assert.equal(await taken(new Uint8Array(16_777_216)), "not_a_token");
  for (const head of [
    "d1",
    "d813",
    "d83dd2",
    "db8000000000000012",
    `dc${"00".repeat(15)}12`,
    "df",
    "d8",
    "d900",
  ]) {
    assert.notEqual(await taken(joined(bytes(head), content)), null, head);
  }
  for (const cut of ["d2", "d8", "d900", "db00", "00"]) {
    assert.notEqual(await taken(bytes(cut)), null, cut);
  }
  assert.equal(await taken(content), "not_a_token");
  assert.equal(await taken(joined(bytes("d83d"), LIST)), "not_a_token");
  assert.equal(await taken(joined(LIST, Uint8Array.of(0))), "not_deterministic");
  assert.equal(await taken(LIST.subarray(0, 50)), "not_deterministic");
  const [header = LIST, , payload = LIST, signature = LIST] = await parts();
  for (const items of [
    [],
    [header, map({}), payload],
    5,
    [5, map({}), payload, signature],
    [header, [], payload, signature],
    [header, map({}), NULL, signature],
    [header, map({}), payload, 5],
  ]) {
    assert.equal(await taken(encode(tagged(18, items))), "not_a_token");
  }
});

test("the headers", async () => {
  const { kid } = STATUS_KEY;
  const good = { 1: -19, 4: kid, 16: TYPE };
  assert.equal(await headed(map(good)), null);
  assert.equal(
    await headed(
      new Pairs([
        [16, TYPE],
        [4, kid],
        [1, -19],
      ]),
    ),
    null,
  );
  assert.equal(
    await headed(
      new Pairs([
        [new Raw(bytes("1801")), -19],
        [4, kid],
        [16, TYPE],
      ]),
    ),
    null,
  );
  assert.equal(
    await headed(
      new Map<Encodable, Encodable>([
        [1, -19],
        [4, kid],
        [16, TYPE],
        ["x", NULL],
        [99, FLOAT],
      ]),
    ),
    null,
  );
  assert.equal(await headed(map({ 1: -19, 16: TYPE }), map({ 4: kid })), null);
  assert.equal(
    await headed(
      new Pairs([
        [1, -19],
        [1, -19],
        [4, kid],
        [16, TYPE],
      ]),
    ),
    "not_deterministic",
  );
  assert.equal(await headed([]), "not_a_token");
  assert.equal(await headed(map({ 4: kid, 16: TYPE })), "missing_header");
  assert.equal(await headed(new Raw(new Uint8Array(0))), "missing_header");
  for (const algorithm of ["Ed25519", NULL, UNDEFINED, FLOAT, true]) {
    assert.equal(await headed(map({ ...good, 1: algorithm })), "wrong_algorithm");
  }
  for (const type of [616, "application/statuslist+jwt", `${TYPE} `, NULL]) {
    assert.equal(await headed(map({ ...good, 16: type })), "wrong_type");
  }
  assert.equal(await headed(map({ 1: -19, 4: kid })), "wrong_type");
  assert.equal(await headed(map({ 1: -19, 4: kid }), map({ 16: TYPE })), "wrong_type");
  assert.equal(await headed(map({ ...good, 2: [1] })), "extra_header");
  assert.equal(await headed(map(good), map({ 2: UNDEFINED })), "extra_header");
  for (const other of ["x", NULL, UNDEFINED, 5]) {
    assert.equal(await headed(map({ ...good, 4: other })), "not_a_token");
    assert.equal(await headed(map({ 1: -19, 16: TYPE }), map({ 4: other })), "not_a_token");
  }
  assert.equal(await headed(map({ 1: -19, 16: TYPE })), "status_list_refused");
  assert.equal(await headed(map({ ...good, 1: -8 })), "status_list_refused");
  assert.equal(await headed(map({ ...good, 4: new Uint8Array(0) })), "status_list_refused");
  assert.equal(
    await headed(map({ 1: -19, 4: STRANGER.kid, 16: TYPE }), map({ 4: kid })),
    "status_list_refused",
  );
});

test("the signature, by a key for status lists", async () => {
  for (const by of [KEY, ROOT, STRANGER]) {
    assert.equal(await takenWith({ by }), "status_list_refused");
  }
  assert.equal(await taken(damaged(LIST)), "status_list_refused");
  // Signed with heads as short as they can be, however the token writes them.
  const [header = LIST, unprotected = LIST, payload = LIST, signature = LIST] = await parts();
  const long = (content: Uint8Array): Uint8Array =>
    joined(bytes("5a0000"), Uint8Array.of(content.length >> 8, content.length & 255), content);
  for (const head of ["d29b0000000000000004", "d2990004", "d9001284"]) {
    const list = joined(bytes(head), long(header), unprotected, long(payload), long(signature));
    assert.equal(await taken(list), null, head);
  }
});
