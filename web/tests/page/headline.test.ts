import assert from "node:assert/strict";
import { test } from "node:test";
import { datesInDoubt } from "../../src/page/clock.ts";
import { headlineOf, isOwnSite, onlyLinkFailed, sentenceOf } from "../../src/page/headline.ts";
import { speak } from "../../src/page/words.ts";
import type { Check, Finding, Outcome, Reason, Status, Verdict } from "../../src/verdict.ts";
import { english } from "./english.ts";

function finding(
  check: Check,
  outcome: Outcome,
  reason: Reason,
  asOf: number | null = null,
): Finding {
  return { check, outcome, reason, asOf };
}

function verdict(status: Status, ...findings: Finding[]): Verdict {
  return { status, findings, asOf: null, statement: null };
}

speak("en", "en", english);

test("valid is plain and green by an own trust file alone", () => {
  const valid = verdict("VALID", finding("FORMAT", "PASSED", "ok"));
  assert.deepEqual(headlineOf(valid, "file", false).tone, "valid");
  assert.deepEqual(headlineOf(valid, "file", false).words, "valid_file");
  assert.deepEqual(headlineOf(valid, "page", true).tone, "qualified");
  assert.deepEqual(headlineOf(valid, "page", true).words, "valid_page");
  assert.deepEqual(headlineOf(valid, "page", false).words, "valid_foreign");
});

test("what failed first decides, before what is unknown", () => {
  const two = verdict(
    "INVALID",
    finding("STATUS", "UNKNOWN", "status_list_missing"),
    finding("VALIDITY", "FAILED", "expired"),
    finding("SHARE_VALIDITY", "FAILED", "share_expired"),
  );
  const head = headlineOf(two, "page", true);
  assert.equal(head.words, "expired");
  assert.equal(head.tone, "invalid");
  assert.equal(head.decisive?.check, "VALIDITY");
});

test("an ended or reset link does not read as an expired or withdrawn record", () => {
  const ended = verdict("INVALID", finding("SHARE_VALIDITY", "FAILED", "share_expired"));
  assert.equal(headlineOf(ended, "page", true).words, "link_ended");
  const reset = verdict("INVALID", finding("SHARE_STATUS", "FAILED", "revoked"));
  assert.equal(headlineOf(reset, "page", true).words, "link_reset");
  assert.ok(onlyLinkFailed(ended) && onlyLinkFailed(reset));
  const both = verdict(
    "INVALID",
    finding("STATUS", "FAILED", "revoked"),
    finding("SHARE_STATUS", "FAILED", "revoked"),
  );
  assert.equal(headlineOf(both, "page", true).words, "withdrawn");
  assert.ok(!onlyLinkFailed(both));
  assert.ok(!onlyLinkFailed(verdict("VALID")));
});

test("undecided is never called valid or not valid", () => {
  const unknown: [Check, Reason, string][] = [
    ["ISSUER_TRUSTED", "unknown_key", "undecided_key"],
    ["FORMAT", "newer_format", "undecided_newer"],
    ["FORMAT", "sealed_file_missing", "undecided_sealed"],
    ["STATUS", "status_list_stale", "undecided_status"],
    ["SHARE_STATUS", "status_list_missing", "undecided"],
    ["SCHEMA", "unknown_field", "undecided"],
  ];
  for (const [check, reason, words] of unknown) {
    const unsure = verdict("INDETERMINATE", finding(check, "UNKNOWN", reason));
    const head = headlineOf(unsure, "file", true);
    assert.equal(head.words, words);
    assert.equal(head.tone, "undecided");
  }
});

test("the same reason has other words of a record, a link and a holder", () => {
  const revoked = finding("STATUS", "FAILED", "revoked");
  assert.equal(sentenceOf(revoked, "file", false), "reason.revoked");
  assert.equal(sentenceOf(revoked, "file", true), "reason_record.revoked");
  const reset = finding("SHARE_STATUS", "FAILED", "revoked");
  assert.equal(sentenceOf(reset, "file", true), "reason_link.revoked");
  const holder = finding("HOLDER", "FAILED", "schema_violation");
  assert.equal(sentenceOf(holder, "file", true), "reason_holder.schema_violation");
});

test("a key that only this page publishes is not called trusted", () => {
  const trusted = finding("ISSUER_TRUSTED", "PASSED", "ok");
  assert.equal(sentenceOf(trusted, "file", false), "passed.ISSUER_TRUSTED");
  assert.equal(sentenceOf(trusted, "page", false), "passed_page.ISSUER_TRUSTED");
});

test("a site speaks for the issuer that it is: host and folder, with no port", () => {
  assert.ok(isOwnSite("learn.example.edu", "learn.example.edu"));
  assert.ok(isOwnSite("example.org/academy", "example.org/academy"));
  assert.ok(!isOwnSite("example.org/academy", "example.org"));
  assert.ok(!isOwnSite("example.org", "example.org/academy"));
  assert.ok(!isOwnSite("learn.example.edu", "learn.example.edu:8443"));
  assert.ok(!isOwnSite("learn.example.edu", "learn.example.edu.evil.example"));
  assert.ok(!isOwnSite("learn.example.edu", "example.edu"));
});

const NOW = 1_800_000_000;

test("dates ahead of the clock are in doubt, within the allowance they are not", () => {
  const dated = (asOf: number): Verdict =>
    verdict("VALID", finding("STATUS", "PASSED", "ok", asOf));
  assert.equal(datesInDoubt(dated(NOW + 301), NOW, false), NOW + 301);
  assert.equal(datesInDoubt(dated(NOW + 300), NOW, false), null);
});

test("a stale list that was fetched just now and is months old puts the clock in doubt", () => {
  const old = NOW - 101 * 86_400;
  const stale = verdict("INDETERMINATE", finding("STATUS", "UNKNOWN", "status_list_stale", old));
  assert.equal(datesInDoubt(stale, NOW, true), old);
  assert.equal(datesInDoubt(stale, NOW, false), null);
  const fine = verdict("VALID", finding("STATUS", "PASSED", "ok", old));
  assert.equal(datesInDoubt(fine, NOW, true), null);
});
