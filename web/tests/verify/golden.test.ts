// Every golden certificate, record and share of the repository verifies, in each carrier.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { dictionary1 } from "../../src/codec/dictionary.ts";
import { fromHex } from "../../src/crypto/digest.ts";
import { TrustStore } from "../../src/trust/store.ts";
import { recordLink, verifyText } from "../../src/verify/verify.ts";
import { jwk, keySet, Signer } from "../issuing.ts";
import { at, found, letters, verify } from "./verdicts.ts";

const VECTORS = new URL("../../../tests/vectors/", import.meta.url);
const NOW = Date.UTC(2026, 11, 1) / 1000;
const DICTIONARY = await dictionary1(
  readFileSync(new URL("../../../src/signedcert/codec/dictionary1.bin", import.meta.url)),
);

interface Golden {
  readonly seed: string;
  readonly statement?: { readonly issuer: string; readonly status: object | null };
  readonly record?: { readonly issuer: string };
  readonly token: string;
  readonly digits: string;
  readonly url: string;
  readonly share: string;
  readonly shown: object;
  readonly sealed_url: string;
  readonly sealed_file: string;
  readonly certificate: string;
  readonly audience: string;
}

function golden(folder: string): readonly (readonly [string, Golden])[] {
  const names = readdirSync(new URL(folder, VECTORS));
  return names.map((name) => {
    const text = readFileSync(new URL(`${folder}/${name}`, VECTORS), "utf8");
    // These files are the project's own, and have these members.
    return [name, JSON.parse(text) as Golden];
  });
}

async function trusted(issuer: string, seed: string): Promise<TrustStore> {
  return TrustStore.fromKeySet(issuer, keySet([jwk(await Signer.fromSeed(fromHex(seed)))]));
}

for (const [name, vector] of golden("golden")) {
  test(`certificate ${name}`, async () => {
    const { issuer, status } = vector.statement ?? assert.fail();
    const store = await trusted(issuer, vector.seed);
    const verdict = await verify(fromHex(vector.token), store, at(NOW));
    assert.equal(found(verdict, "SIGNATURE"), "PASSED ok");
    assert.equal(found(verdict, "SCHEMA"), "PASSED ok");
    const expected =
      status === null ? "NOT_APPLICABLE no_status_reference" : "UNKNOWN status_list_missing";
    assert.equal(found(verdict, "STATUS"), expected);
    assert.notEqual(verdict.statement, null);
    for (const text of [vector.url, vector.digits]) {
      assert.deepEqual(await verifyText(text, store, DICTIONARY, at(NOW)), verdict);
    }
  });
}

for (const [name, vector] of golden("golden-records")) {
  test(`record ${name}`, async () => {
    const { issuer } = vector.record ?? assert.fail();
    const store = await trusted(issuer, vector.seed);
    const question = at(NOW, 0n, { audience: vector.audience });
    const verdict = await verify(fromHex(vector.share), store, question);
    assert.match(letters(verdict), /^PPPPPNP.PPP.$/);
    assert.ok(verdict.statement?.kind === "record");
    assert.deepEqual(verdict.statement.record, vector.shown);
    for (const text of [vector.url, vector.digits]) {
      assert.deepEqual(await verifyText(text, store, DICTIONARY, question), verdict);
    }
    const file = new Uint8Array(Buffer.from(vector.sealed_file, "base64url"));
    assert.deepEqual(
      await verifyText(vector.sealed_url, store, DICTIONARY, question, file),
      verdict,
    );
    const record = await verify(fromHex(vector.token), store, at(NOW));
    assert.equal(found(record, "HOLDER"), "UNKNOWN not_presented");
    const certificate = await verify(fromHex(vector.certificate), store, at(NOW));
    assert.equal((await recordLink(certificate, verdict)).outcome, "PASSED");
  });
}
