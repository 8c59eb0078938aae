// The draft's own lists and tokens (draft-ietf-oauth-status-list-21), from tests/vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decodeStatusCbor } from "../../src/codec/cbor.ts";
import { HeldIssuer } from "../../src/trust/held_issuer.ts";
import { entryAt } from "../../src/trust/status_list.ts";
import { readStatusToken } from "../../src/trust/status_token.ts";
import type { Encodable } from "../encoding.ts";
import {
  document,
  headerOf,
  ISSUER,
  signedWith,
  signingKey,
  STATUS_KEY,
  statusList,
  trustIn,
} from "../issuing.ts";
import { refusal } from "../refusing.ts";
import { toHex } from "../../src/crypto/digest.ts";

const FOLDER = new URL("../../../tests/vectors/token-status-list/", import.meta.url);
const TABLES = readFileSync(new URL("test-vectors.md", FOLDER), "utf8").split(/^## /m);

function example(name: string): Uint8Array {
  const text = readFileSync(new URL(`examples/${name}.md`, FOLDER), "ascii");
  const hex = (text.split("encoded:").at(-1) ?? "").replaceAll(/\s/g, "");
  return new Uint8Array(Buffer.from(hex, "hex"));
}

/** What the draft's appendix says of the list with entries of this many bits. */
function appendix(bits: number): Map<number, number> {
  const section = TABLES.find((text) => text.startsWith(`${bits}-bit`)) ?? "";
  const rows = section.matchAll(/^status\[(\d+)\] ?= 0b([01]+)$/gm);
  return new Map([...rows].map(([, at, value]) => [Number(at), Number.parseInt(value ?? "", 2)]));
}

const SHORT = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1];
const SHORT_2 = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3];
const LONG = 2 ** 20;

for (const [name, size, values] of [
  ["status_list_encoding_cbor", 16, new Map(SHORT.entries())],
  ["status_list_encoding2_cbor", 12, new Map(SHORT_2.entries())],
  ["status_list_encoding1_long_cbor", LONG, appendix(1)],
  ["status_list_encoding2_long_cbor", LONG, appendix(2)],
  ["status_list_encoding4_cbor", LONG, appendix(4)],
  ["status_list_encoding8_cbor", LONG, appendix(8)],
] as const) {
  test(`${name} has the values that the draft says`, async () => {
    assert.ok(values.size >= 11);
    const theirs = decodeStatusCbor(example(name));
    assert.ok(theirs instanceof Map);
    // What the decoder gives for these lists, a number and bytes, can be encoded as it is.
    const list = new Map([...theirs].map(([key, value]) => [key as string, value as Encodable]));
    const store = await (
      await trustIn(await document())
    ).withStatusList(await statusList({ list }));
    const opened = await store.held(ISSUER)?.openList(1);
    assert.ok(opened && !("kind" in opened));
    for (let index = 0; index < size; index += 1) {
      const expected = values.get(index) ?? 0;
      if (entryAt(opened, index) !== expected) {
        assert.fail(`entry ${index} is not ${expected}`);
      }
    }
    assert.equal(entryAt(opened, size), null);
  });
}

test("the draft's token is read, and not one of Ed25519", async () => {
  const token = readStatusToken(example("status_list_cwt"));
  assert.equal(token.algorithm, -7);
  assert.deepEqual(token.kid, new Uint8Array([0x31, 0x32]));
  const body = { 8: [signingKey(STATUS_KEY, 1)], 9: "https://example.com/statuslists/{number}" };
  const old = { 8: [signingKey(STATUS_KEY, 1, { 2: 0 })] };
  const trust = await trustIn(await document({ body: { ...body, ...old } }));
  const refused = await refusal(() => trust.withStatusList(example("status_list_cwt"), ISSUER));
  assert.equal(refused, "status_list_refused");
  const header = headerOf(STATUS_KEY, "application/statuslist+cwt");
  const store = await trust.withStatusList(await signedWith(header, token.payload, STATUS_KEY));
  const held = store.held(ISSUER);
  assert.ok(held instanceof HeldIssuer);
  const list = await held.openList(1);
  assert.ok(list && !("kind" in list));
  assert.deepEqual([list.issuedAt, list.end, list.bits], [1686920170, 2291720170, 1]);
  assert.equal(toHex(list.array), "b9a3");
});

test("the draft's referenced token is no status list", async () => {
  const reason = await refusal(() => readStatusToken(example("referenced_token_cwt")));
  assert.equal(reason, "wrong_type");
});
