/** Payloads for tests: valid ones, to be changed in one place each. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { encodeHead } from "../../src/codec/cbor.ts";
import { joined } from "../../src/codec/joined.ts";
import { type Reason, Refusal } from "../../src/verdict.ts";
import { type Encodable, encode, map, Pairs, SIMPLE_59_KEY, tagged } from "../encoding.ts";

export const BODY = -65537;
export const NOW = 1793613600;
export const ID = Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
export const CODE = "000G-40R4-0M30-E209";

type Changes = Readonly<Record<number, Encodable | undefined>>;

/** A map with labels set, or with `undefined` taken away. */
export function changed(base: Map<Encodable, Encodable>, changes: Changes) {
  const result = new Map(base);
  for (const [label, value] of Object.entries(changes)) {
    if (value === undefined) result.delete(Number(label));
    else result.set(Number(label), value);
  }
  return result;
}

export const COURSE = map({ 0: "Analytical Engines", 1: "University of Example" });

const CLAIMS = map({ 1: "learn.example.edu", 6: NOW, 7: ID });

export function certificate(body: Changes = {}, claims: Changes = {}): Uint8Array {
  const whole = changed(map({ 0: "Ada Lovelace", 1: COURSE, 2: 20759 }), body);
  return encode(changed(CLAIMS, { [BODY]: whole, ...claims }));
}

export const HOLDER_KEY = new Uint8Array(32).fill(7);

export function coseKey(x: Uint8Array): Map<Encodable, Encodable> {
  return map({ 1: 1, [-1]: 6, [-2]: x });
}

export function share(body: Changes = {}, claims: Changes = {}): Uint8Array {
  const whole = map({ 3: "Acme HR", 4: NOW + 1, 6: NOW, 7: ID });
  return encode(changed(whole, { [BODY]: changed(map({ 0: 3 }), body), ...claims }));
}

/** SHA-256 over the byte string, with its head (section 15.3). */
export function digestOf(content: Uint8Array): Uint8Array {
  return createHash("sha256")
    .update(joined(encodeHead(2, content.length), content))
    .digest();
}

let salts = 0;

/** A salt that no other call gives. */
export function salt(): Uint8Array {
  salts++;
  return createHash("sha256").update(`salt${salts}`).digest().subarray(0, 16);
}

export function entry(label: Encodable, value: Encodable): Uint8Array {
  return encode([salt(), value, label]);
}

export function row(value: Encodable): Uint8Array {
  return encode([salt(), value]);
}

export function decoy(): Uint8Array {
  return encode([salt()]);
}

export function list(label: number, rows: readonly Uint8Array[]): Uint8Array {
  return entry(
    label,
    rows.map((content) => tagged(60, digestOf(content))),
  );
}

/** The digests of contents, ascending, filled up with ones of nothing to at least four. */
export function digestsOf(contents: readonly Uint8Array[]): Uint8Array[] {
  const digests = contents.map(digestOf);
  while (digests.length < 4) digests.push(digestOf(decoy()));
  return digests.sort(Buffer.compare);
}

/** The payload of a record in which `digests` stand under simple(59). */
export function record(digests: Encodable, body: Changes = {}, claims: Changes = {}): Uint8Array {
  const entries = [...changed(map({ 1: COURSE }), body)].sort(([a], [b]) =>
    Buffer.compare(encode(a), encode(b)),
  );
  const whole = new Pairs([...entries, [SIMPLE_59_KEY, digests]]);
  const own = { 2: CODE, 8: map({ 1: coseKey(HOLDER_KEY) }), [BODY]: whole };
  return encode(changed(CLAIMS, { ...own, ...claims }));
}

function isReason(reason: Reason): (error: unknown) => true {
  return (error) => {
    assert(error instanceof Refusal, `no Refusal: ${error}`);
    assert.equal(error.reason, reason);
    return true;
  };
}

export function refused(read: () => unknown, reason: Reason, about = ""): void {
  assert.throws(read, isReason(reason), about || undefined);
}

export async function rejected(
  reading: Promise<unknown>,
  reason: Reason,
  about = "",
): Promise<void> {
  await assert.rejects(reading, isReason(reason), about || undefined);
}

export function readText(path: string): string {
  return readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
}

/** The bytes of the block that is generated under a name in the specification's appendix A. */
export function exampleBytes(name: string): Uint8Array {
  const block = new RegExp(`<!-- generated: ${name} -->(.*?)<!-- end -->`, "s");
  const text = block.exec(readText("docs/spec.md"))?.[1];
  assert(text !== undefined, `no block ${name}`);
  const fenced = /```text\n(.*?)```/s.exec(text)?.[1] ?? "";
  return bytesIn(fenced);
}

/** The bytes written in lines, each before a comment. */
export function bytesIn(lines: string): Uint8Array {
  return Buffer.from(lines.replace(/#.*$/gm, "").replace(/\s/g, ""), "hex");
}
