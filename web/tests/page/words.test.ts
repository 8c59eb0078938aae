import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { catalogue, merged } from "../../catalogue.ts";
import { LANGUAGES } from "../../src/page/language.ts";
import { english } from "./english.ts";

const WEB = join(import.meta.dirname, "..", "..");
const ROOT = join(WEB, "..");

/** The names in the first column of the table under this heading of the specification. */
async function enumeration(heading: string): Promise<string[]> {
  const spec = await readFile(join(ROOT, "docs", "spec.md"), "utf8");
  const after = spec.split(`\n#### ${heading}\n`)[1] ?? "";
  const table = after.split(/\n#/)[0] ?? "";
  return [...table.matchAll(/^\| \d+ \| `(\w+)` \|$/gm)].map((found) => found[1] ?? "");
}

/** The names of a union of text literals in verdict.ts. */
async function union(start: string, end: string): Promise<string[]> {
  const source = await readFile(join(WEB, "src", "verdict.ts"), "utf8");
  const from = source.indexOf(start);
  const part = source.slice(from, source.indexOf(end, from));
  return [...part.matchAll(/"(\w+)"/g)].map((found) => found[1] ?? "");
}

test("every reason, check and outcome has words, and no others have", async () => {
  const reasons = await union("export type Reason", ";");
  const checks = [
    ...(await union("STATEMENT_CHECKS = [", "]")),
    ...(await union("SHARE_CHECKS = [", "]")),
    "RECORD_LINK",
  ];
  const outcomes = await union("export type Outcome", ";");
  assert.equal(reasons.length, 62);
  assert.equal(checks.length, 13);
  assert.deepEqual(Object.keys(english.reason).sort(), reasons.sort());
  assert.deepEqual(Object.keys(english.check).sort(), [...checks].sort());
  assert.deepEqual(Object.keys(english.passed).sort(), [...checks].sort());
  assert.deepEqual(Object.keys(english.outcome).sort(), outcomes.sort());
  for (const section of ["reason_record", "reason_holder", "reason_link"] as const) {
    for (const name of Object.keys(english[section])) assert.ok(reasons.includes(name), name);
  }
});

test("every name of every enumeration has words, and no others have", async () => {
  const sections = {
    CertificateKind: english.kind,
    Limitation: english.limitation,
    Level: english.level,
    Delivery: english.delivery,
    IdentityMethod: english.method,
    Assurance: english.assurance,
    CreditSystem: english.credit_system,
    AssessmentKind: english.assessment,
  };
  for (const [heading, words] of Object.entries(sections)) {
    const names = await enumeration(heading);
    assert.ok(names.length > 1, heading);
    assert.deepEqual(Object.keys(words), names, heading);
  }
});

test("what cannot be found or scanned has words", async () => {
  const pick = await readFile(join(WEB, "src", "files", "reading.ts"), "utf8");
  const nothing = /type NothingFound =([^;]+);/.exec(pick)?.[1] ?? "";
  const names = [...nothing.matchAll(/"(\w+)"/g)].map((found) => found[1] ?? "");
  assert.ok(names.length > 3);
  for (const name of names) assert.ok(Object.hasOwn(english.found, name), name);
  const camera = await readFile(join(WEB, "src", "scan", "camera.ts"), "utf8");
  const problems = /type CameraProblem =([^;]+);/.exec(camera)?.[1] ?? "";
  const said = [...problems.matchAll(/"(\w+)"/g)].map((found) => found[1] ?? "");
  assert.ok(said.length > 3);
  for (const name of said) assert.ok(Object.hasOwn(english.camera, name), name);
});

test("each translation has the keys of English, with the same places for values", async () => {
  const folder = join(WEB, "src", "page", "languages");
  const places = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const file of await readdir(folder)) {
    assert.ok(Object.hasOwn(LANGUAGES, file.replace(/\.json$/, "")), file);
    const flat = flattened(await catalogue(folder, file));
    const expected = flattened(english);
    assert.deepEqual([...flat.keys()].sort(), [...expected.keys()].sort(), file);
    for (const [key, text] of expected) {
      const said = flat.get(key) ?? "";
      assert.notEqual(said.trim(), "", `${file}: ${key}`);
      // A place may stand more often in another language, but none may be missing or invented.
      const own = [...new Set(places(said))];
      assert.deepEqual(own, [...new Set(places(text))], `${file}: ${key}`);
    }
  }
});

test("what only documents say is not sent to the page, and no word stands twice", () => {
  const own = { document: { title: "Signed" } };
  const shared = { document: { yes: "Yes" }, kind: { a: "A" }, print: { code: "Code" } };
  assert.deepEqual(merged(own, shared), {
    document: { title: "Signed", yes: "Yes" },
    kind: { a: "A" },
  });
  assert.throws(() => merged(own, { document: { title: "Other" } }), /document.title/);
});

function flattened(words: unknown, path = ""): Map<string, string> {
  if (typeof words === "string") return new Map([[path, words]]);
  assert.ok(typeof words === "object" && words !== null, path);
  return new Map(
    Object.entries(words).flatMap(([name, inner]) => [...flattened(inner, `${path}.${name}`)]),
  );
}
