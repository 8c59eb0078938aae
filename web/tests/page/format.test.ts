import assert from "node:assert/strict";
import { test } from "node:test";
import {
  day,
  languageName,
  moment,
  quantity,
  range,
  rfc3339,
  share,
} from "../../src/page/format.ts";

const nbsp = (text: string): string => text.replace(/[\u00a0\u202f\u2009]/g, " ");

test("days have their month in words, and stay the day that was signed in every time zone", () => {
  const before = process.env["TZ"];
  try {
    for (const zone of ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"]) {
      process.env["TZ"] = zone;
      assert.equal(day("2026-11-02", "en-GB"), "2 November 2026");
      assert.equal(day("2026-11-02", "en-US"), "November 2, 2026");
      assert.equal(day("2026-11-02", "de"), "2. November 2026");
    }
  } finally {
    if (before === undefined) delete process.env["TZ"];
    else process.env["TZ"] = before;
  }
});

test("days use the digits and the calendar that were signed", () => {
  assert.match(day("2026-11-02", "ar-u-ca-gregory-nu-latn"), /^2 .+ 2026$/);
  assert.match(day("2026-11-02", "ar-SA-u-ca-gregory-nu-latn"), /2026/);
});

test("the first and the last day of the format are shown", () => {
  assert.match(day("0001-01-01", "en-GB"), /^1 January 1$/);
  assert.equal(day("9999-12-31", "en-GB"), "31 December 9999");
});

test("moments are in UTC and say so, to the second", () => {
  assert.equal(moment("2026-11-02T00:59:58Z", "en-GB"), "2 November 2026 at 00:59:58 UTC");
  assert.equal(moment("9999-12-31T23:59:59Z", "en-GB"), "31 December 9999 at 23:59:59 UTC");
});

test("what is no date is shown as it is", () => {
  assert.equal(day("2026-13-45", "en"), "2026-13-45");
  assert.equal(moment("soon", "en"), "soon");
});

test("seconds become RFC 3339", () => {
  assert.equal(rfc3339(0), "1970-01-01T00:00:00Z");
  assert.equal(rfc3339(253402300799), "9999-12-31T23:59:59Z");
});

test("decimals are exact, without grouping, whether numbers or text", () => {
  assert.equal(quantity(87.25, "en"), "87.25");
  assert.equal(quantity(-0.5, "en"), "-0.5");
  assert.equal(quantity(0.000000001, "en"), "0.000000001");
  assert.equal(quantity(9007199254740991, "en"), "9007199254740991");
  assert.equal(quantity("9007199254.740991001", "en"), "9007199254.740991001");
  assert.equal(quantity("9007199254.740991001", "de"), "9007199254,740991001");
});

test("units are in the words of the language", () => {
  assert.equal(nbsp(quantity(1, "en", "week")), "1 week");
  assert.equal(nbsp(quantity(4, "en", "week")), "4 weeks");
  assert.equal(nbsp(quantity(92.5, "en", "percent")), "92.5%");
  assert.equal(nbsp(quantity(92.5, "de", "percent")), "92,5 %");
  assert.equal(nbsp(range(5, 7, "en", "hour")), "5–7 hours");
  assert.equal(nbsp(range(5, 5, "en", "hour")), "5 hours");
  assert.equal(nbsp(range(2.5, 4, "fr", "hour")), "2,5–4 heures");
});

test("languages have names, and what has none is left to its tag", () => {
  assert.equal(languageName("pt-BR", "en"), "Brazilian Portuguese");
  assert.equal(languageName("de", "de"), "Deutsch");
  assert.equal(languageName("x-private", "en"), null);
  assert.equal(languageName("aaaaaaaaaaa", "en"), null);
});

test("bars reach as far as the score, within their track", () => {
  assert.equal(share(9, 10), 0.9);
  assert.equal(share(80, undefined), 0.8);
  assert.equal(share("12.5", "25"), 0.5);
  assert.equal(share(12, 10), 1);
  assert.equal(share(-1, 10), 0);
  assert.equal(share(undefined, 10), null);
  assert.equal(share(0, 0), null);
});
