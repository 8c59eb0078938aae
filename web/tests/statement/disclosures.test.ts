/** Section 15.5: the record as shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { readRecord } from "../../src/statement/read.ts";
import { map } from "../encoding.ts";
import { checked, refuses, shown, work } from "./disclosing.ts";
import { decoy, digestsOf, entry, list, record, row } from "./payloads.ts";

const WITHHELD = { withheld: true };

test("everything disclosed: nothing is withheld", async () => {
  const rows = [row(work("A")), row(work("B"))];
  const checks = [row(checked)];
  const entries = [entry(0, "Ada"), entry(5, map({ 2: "A" })), list(6, rows), list(7, checks)];
  const record = await shown(entries, [...rows, ...checks]);
  assert.deepEqual(record.learner, { name: "Ada" });
  assert.deepEqual(record.final_score, { grade: "A" });
  assert.deepEqual(record.assessments, [
    { title: "A", kind: "exam" },
    { title: "B", kind: "exam" },
  ]);
  assert.deepEqual(record.identity_checks, [{ method: "Seen in person" }]);
  assert.equal(record.withholds_entries, false);
});

test("a field that was not disclosed is absent where all digests were", async () => {
  const record = await shown([entry(0, "Ada"), decoy(), decoy(), decoy()]);
  assert.deepEqual(record.learner, { name: "Ada" });
  for (const name of ["final_score", "assessments", "identity_checks"]) {
    assert(!(name in record), name);
  }
});

test("a field that was not disclosed is withheld where one digest was not", async () => {
  const record = await shown([entry(0, "Ada"), decoy(), decoy()], [], [decoy()]);
  assert.deepEqual(record.learner, { name: "Ada" });
  assert.deepEqual(record.final_score, WITHHELD);
  assert.deepEqual(record.assessments, WITHHELD);
  assert.deepEqual(record.identity_checks, WITHHELD);
  assert.equal(record.withholds_entries, true);
});

test("all four fields, and still a digest that is not disclosed", async () => {
  const rows = [row(work("A"))];
  const checks = [row(checked)];
  const entries = [entry(0, "Ada"), entry(5, map({ 2: "A" })), list(6, rows), list(7, checks)];
  const record = await shown(entries, [...rows, ...checks], [decoy()]);
  assert.equal(record.withholds_entries, true);
  assert(!JSON.stringify(record).includes("withheld"));
});

test("rows stay in their places, and decoys are left out", async () => {
  const rows = [row(work("A")), row(work("B")), decoy(), decoy(), row(work("C"))];
  const [, second = decoy(), third = decoy(), , last = decoy()] = rows;
  const { assessments } = await shown([list(6, rows)], [second, third, last]);
  assert.deepEqual(assessments, [
    WITHHELD,
    { title: "B", kind: "exam" },
    WITHHELD,
    { title: "C", kind: "exam" },
  ]);
});

test("a list of decoys alone has no rows", async () => {
  const rows = [decoy(), decoy()];
  const record = await shown([list(7, rows), decoy(), decoy(), decoy()], rows);
  assert(!("identity_checks" in record));
  assert.equal(record.withholds_entries, false);
});

test("labels of 128 and above are shown as additional", async () => {
  const kept = entry(128, [Uint8Array.of(1), "a\nb", map({ [-1]: [] })]);
  const payload = record(digestsOf([kept]), { 130: 1 });
  const { statement } = await readRecord(payload, [kept]);
  assert(statement.kind === "record");
  assert.deepEqual(statement.record.additional, {
    128: [{ base64url: "AQ" }, "a\nb", { "-1": [] }],
    130: 1,
  });
  await refuses("schema_violation", [entry(128, ["\u0000"])]);
});
