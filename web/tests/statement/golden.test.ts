import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { decode } from "../../src/codec/cbor.ts";
import type { Value } from "../../src/codec/values.ts";
import { readCertificate, readRecord, readShare } from "../../src/statement/read.ts";
import { bytes } from "../encoding.ts";
import { readText } from "./payloads.ts";

type Plain = Readonly<Record<string, unknown>>;

function vectors(folder: string): [name: string, vector: Plain][] {
  const path = `tests/vectors/${folder}`;
  const names = readdirSync(new URL(`../../../${path}`, import.meta.url));
  return names.map((name) => [name, JSON.parse(readText(`${path}/${name}`))]);
}

/** Without nulls, empty arrays and objects, and false, at every depth but in `additional`. */
function trimmed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(trimmed);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, item]) => {
    const kept = name.startsWith("additional") ? item : trimmed(item);
    const empty = kept === null || kept === false;
    const hollow = typeof kept === "object" && kept !== null && Object.keys(kept).length === 0;
    return empty || hollow ? [] : [[name, kept]];
  });
  return Object.fromEntries(entries);
}

interface Parts {
  readonly header: Uint8Array;
  readonly payload: Uint8Array;
  readonly disclosures: readonly Uint8Array[];
}

function isBytes(value: Value | undefined): value is Uint8Array {
  return value instanceof Uint8Array;
}

function parts(token: Uint8Array): Parts {
  const items = decode(token.subarray(1));
  assert(Array.isArray(items));
  const [header, unprotected, payload] = items;
  assert(isBytes(header) && isBytes(payload) && unprotected instanceof Map);
  const disclosures = unprotected.get(17) ?? [];
  assert(Array.isArray(disclosures) && disclosures.every(isBytes));
  return { header, payload, disclosures };
}

/** The parts of the record in a share: its header is a3 01 32 0d, the record, 10 19 01 26. */
function recordIn(share: Uint8Array): Parts {
  return parts(parts(share).header.subarray(4, -4));
}

function token(vector: Plain, name = "token"): Uint8Array {
  return bytes(String(vector[name]));
}

test("certificates read as the golden vectors say", () => {
  const all = vectors("golden");
  assert(all.length >= 34);
  for (const [name, vector] of all) {
    const read = readCertificate(parts(token(vector)).payload);
    assert(read.statement.kind === "certificate");
    assert.deepEqual(read.statement.certificate, trimmed(vector["statement"]), name);
    const shown = read.statement.certificate;
    assert.equal(shown.issuer, read.issuer);
    assert.equal(Date.parse(shown.issued_at), read.issuedAt * 1000);
    assert.equal(Date.parse(shown.expires_at ?? ""), (read.expiresAt ?? NaN) * 1000);
    assert.equal(Date.parse(shown.valid_from ?? ""), (read.validFrom ?? NaN) * 1000);
    assert.deepEqual(read.status, shown.status ?? null);
  }
});

test("shares read as the golden vectors say", async () => {
  const all = vectors("golden-records");
  assert(all.length >= 6);
  for (const [name, vector] of all) {
    const share = token(vector, "share");
    const { payload, disclosures } = recordIn(share);
    const read = await readRecord(payload, disclosures);
    const held = readShare(parts(share).payload);
    assert(read.statement.kind === "record");
    const { withholds_entries, ...fields } = read.statement.record;
    const shown = Object(vector["shown"]);
    assert.equal(withholds_entries, shown.withholds_entries, name);
    delete shown.withholds_entries;
    assert.deepEqual({ ...fields, share: held.claims }, trimmed(shown), name);
    assert.equal(held.audience, vector["audience"]);
    assert.equal(held.slot, vector["slot"] ?? 0);
    assert.equal(held.issuedAt * 1000, Date.parse(String(vector["issued_at"])));
    assert.equal(held.expiresAt * 1000, Date.parse(String(vector["expires_at"])));
    const places = vector["share_places"];
    const { sharePlaces } = read;
    assert.deepEqual(sharePlaces && [sharePlaces.list, sharePlaces.first], places);
  }
});

test("records by themselves disclose everything", async () => {
  for (const [name, vector] of vectors("golden-records")) {
    const { payload, disclosures } = parts(token(vector));
    const read = await readRecord(payload, disclosures);
    assert(read.statement.kind === "record");
    const { holder_key, share_places, withholds_entries, ...stated } = read.statement.record;
    assert.deepEqual(stated, trimmed(vector["record"]), name);
    assert.equal(withholds_entries, false);
    assert.equal(holder_key.x, Buffer.from(read.holderKey).toString("base64url"));
    assert.equal(share_places === undefined, read.sharePlaces === null);
  }
});

test("the certificates beside the records name them", () => {
  for (const [, vector] of vectors("golden-records")) {
    const read = readCertificate(parts(token(vector, "certificate")).payload);
    assert(read.statement.kind === "certificate");
    assert.equal(read.statement.certificate.record_id, "185G-R38E-1W81-24GK");
  }
});
