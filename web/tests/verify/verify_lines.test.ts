// The tool that gives verdicts by the line.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { certificate, document, ISSUER, keySet, NOW, PUBLISHED, trustIn } from "../issuing.ts";
import { AUDIENCE, inText, record, SEALED_LINK, sealed, share } from "../sharing.ts";

const TOOL = fileURLToPath(new URL("../../tools/verify_lines.ts", import.meta.url));
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

test("answers stand in the order of the questions", async () => {
  const trust = { bundle: base64((await trustIn(await document())).toBundle()) };
  const byKeySet = { issuer: ISSUER, key_set: base64(keySet()) };
  const now = `${NOW}000000`;
  const token = base64(await certificate({ claims: { 4: NOW } }));
  const shared = await share(await record({ body: { 10: null } }));
  const questions = [
    { token, trust, now: `${NOW}000000` },
    { token, trust, now: `${NOW - 1}999999` },
    { text: inText(shared), trust: byKeySet, now, audience: AUDIENCE },
    { text: SEALED_LINK, sealed_file: base64(sealed(shared)), trust, now, audience: "Eve" },
    { text: SEALED_LINK, trust: { empty: true }, now },
    { token, trust: { bundle: "" }, now },
    { token, trust: { issuer: "localhost", key_set: "" }, now },
    { token, trust, now: `${NOW * 9}000000`, max_staleness: `${NOW * 9}000000` },
  ];
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join("");
  const { stdout, stderr } = spawnSync(process.execPath, [TOOL], { input, encoding: "utf8" });
  assert.equal(stderr, "");
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const statuses = ["INVALID", "VALID", "VALID", "INVALID", "INDETERMINATE", undefined, undefined];
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [...statuses, "INVALID"],
  );
  const asOf = new Date(PUBLISHED * 1000).toISOString().replace(".000", "");
  assert.equal(answers[0].as_of, asOf);
  assert.deepEqual(answers[0].findings.slice(0, 2), [
    { check: "FORMAT", outcome: "PASSED", reason: "ok" },
    { check: "ISSUER_TRUSTED", outcome: "PASSED", reason: "ok", as_of: asOf },
  ]);
  assert.equal(answers[0].statement.learner.name, "Ada Lovelace");
  assert.equal(answers[2].statement.share.audience, AUDIENCE);
  assert.equal(answers[2].as_of, null);
  assert.equal(answers[4].statement, null);
  assert.deepEqual(answers[5], { trust_refused: "not_deterministic" });
  assert.deepEqual(answers[6], { trust_refused: "schema_violation" });
});
