import assert from "node:assert/strict";
import { test } from "node:test";
import { decode } from "../../src/codec/cbor.ts";
import { readHandover, readIssuerDocument } from "../../src/statement/documents.ts";
import { readCertificate, readRecord, readShare } from "../../src/statement/read.ts";
import { bytesIn, certificate, digestOf, exampleBytes, readText } from "./payloads.ts";
import { Raw } from "../encoding.ts";

test("the certificate of the specification", () => {
  const { statement } = readCertificate(exampleBytes("payload"));
  assert(statement.kind === "certificate");
  assert.equal(statement.certificate.issuer, "learn.example.edu");
  assert.equal(statement.certificate.id, "04HM-ASW9-NF6Y-Y093");
  assert.equal(statement.certificate.issued_at, "2026-11-02T10:00:00Z");
});

test("the single values of the specification", () => {
  const block = /<!-- generated: values -->.*?```text\n(.*?)```/s;
  const text = block.exec(readText("docs/spec.md"))?.[1];
  const values = new Map(
    (text ?? "")
      .trim()
      .split("\n\n")
      .map((block) => {
        const [title = "", ...lines] = block.split("\n");
        return [title, new Raw(bytesIn(lines.join("\n")))];
      }),
  );
  const value = (title: string): Raw => {
    const found = values.get(title);
    assert(found !== undefined, title);
    return found;
  };
  const read = (label: number, raw: Raw) => {
    const { statement } = readCertificate(certificate({ [label]: raw }));
    assert(statement.kind === "certificate");
    return statement.certificate;
  };
  const result = (raw: Raw) =>
    read(4, new Raw(Uint8Array.of(0xa1, 0x00, ...raw.bytes))).result?.score;
  assert.equal(result(value("# a decimal, 87.25")), 87.25);
  assert.equal(result(value("# a decimal, −0.5")), -0.5);
  assert.equal(read(2, value("# a date")).completed_on, "1969-12-31");
  assert.deepEqual(read(6, value("# skills, one of them with its URL")).skills, [
    "Rhetoric",
    { name: "Logic", url: "https://example.org/s/1" },
  ]);
  assert.deepEqual(read(0, value("# a learner with two names")).learner, {
    name: "Νίκη",
    latin_name: "Niki",
  });
  assert.deepEqual(read(12, value("# a status reference")).status, { list: 3, index: 70000 });
  const range = value("# a range, 2.5 to 4").bytes;
  const course = [0xa3, 0x00, 0x61, 0x54, 0x01, 0x61, 0x49, 0x06, 0xa1, 0x01, ...range];
  const { workload } = read(1, new Raw(Uint8Array.from(course))).course;
  assert.deepEqual(workload, { hours_per_week: [2.5, 4] });
});

/** The disclosures of the example by their digests. */
function disclosures(): Map<string, Uint8Array> {
  const text = /<!-- generated: record-disclosures -->.*?```text\n# (.*?)```/s.exec(
    readText("docs/spec.md"),
  )?.[1];
  return new Map(
    (text ?? "").split("\n\n# ").map((block) => {
      const whole = bytesIn(block.slice(block.indexOf("\n")));
      const content = decode(whole);
      assert(content instanceof Uint8Array);
      return [block.slice(0, 64), content];
    }),
  );
}

test("the record of the specification, all of it disclosed", async () => {
  const all = disclosures();
  for (const [digest, content] of all) {
    assert.equal(Buffer.from(digestOf(content)).toString("hex"), digest);
  }
  const read = await readRecord(exampleBytes("record-payload"), [...all.values()]);
  assert(read.statement.kind === "record");
  assert.deepEqual(read.statement.record, {
    withholds_entries: false,
    issuer: "learn.example.edu",
    issued_at: "2026-11-02T10:00:00Z",
    id: "ZVEB-N63P-AGS1-0093",
    holder_key: {
      kty: "OKP",
      crv: "Ed25519",
      x: "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw",
    },
    course: {
      title: "Introduction to Operations Management",
      institution: "Example University",
    },
    course_format: { components: [{ kind: "quiz", count: 2, weight: 100 }], passing_score: 62.5 },
    share_places: { list: 2, first: 48 },
    learner: { name: "Jacob Ångström" },
    final_score: { score: 87.25, with_distinction: true },
    assessments: [
      {
        title: "Quiz 1",
        kind: "quiz",
        score: 8.5,
        maximum: 10,
        submitted_on: "2026-09-21",
        late: true,
      },
    ],
  });
});

test("the share of the specification", async () => {
  const all = disclosures();
  const score = all.get("53342cd0cccee45130b26a7d2cac53dd32a500119f99626583e48f954c2ff8b9");
  assert(score !== undefined);
  const read = await readRecord(exampleBytes("record-payload"), [score]);
  assert(read.statement.kind === "record");
  const { learner, final_score, assessments, identity_checks, withholds_entries } =
    read.statement.record;
  assert.deepEqual(
    { learner, final_score, assessments, identity_checks, withholds_entries },
    {
      learner: { withheld: true },
      final_score: { score: 87.25, with_distinction: true },
      assessments: { withheld: true },
      identity_checks: { withheld: true },
      withholds_entries: true,
    },
  );
  assert.deepEqual(readShare(exampleBytes("share-payload")), {
    claims: {
      audience: "Acme HR",
      expires_at: "2026-12-20T00:00:00Z",
      issued_at: "2026-11-20T00:00:00Z",
      id: "AD44-2MJ5-M6SC-7N75",
      slot: 3,
    },
    audience: "Acme HR",
    issuedAt: 1795132800,
    expiresAt: 1797724800,
    slot: 3,
  });
});

test("the handover and the issuer document of the specification", () => {
  const root = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8";
  const handover = readHandover(exampleBytes("handover-payload"));
  assert.equal(handover.issuer, "learn.example.edu");
  assert.equal(handover.epoch, 1);
  assert.deepEqual(
    handover.roots.map((key) => Buffer.from(key).toString("hex")),
    [root],
  );
  const document = readIssuerDocument(exampleBytes("document-payload"));
  assert.equal(document.version, 1);
  assert.equal(document.issuedAt, 1793491200);
  assert.equal(document.nextUpdate, 1809043200);
  assert.equal(document.final, false);
  assert.deepEqual(document.names, [{ name: "Example University" }]);
  assert.deepEqual(document.roots, handover.roots);
  assert.deepEqual(
    document.handovers.map((token) => token.length),
    [200],
  );
  assert.deepEqual(
    document.keys.map(({ key, use, revocation }) => [key?.[0], use, revocation]),
    [
      [0xd7, "statements", null],
      [0x29, "status", null],
    ],
  );
  assert.equal(document.statusLists, "https://learn.example.edu/status/{number}.cwt");
});
