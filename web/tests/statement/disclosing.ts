/** Records that disclose what a test says, each with entries behind digests of its own. */
import assert from "node:assert/strict";
import { readRecord } from "../../src/statement/read.ts";
import type { SharedRecord } from "../../src/statement/statement.ts";
import type { Reason } from "../../src/verdict.ts";
import { type Encodable, map } from "../encoding.ts";
import { digestsOf, record, rejected } from "./payloads.ts";

type Contents = readonly Uint8Array[];

/** The record in which `entries` and `withheld` stand; `entries` and `others` are disclosed. */
export async function shown(
  entries: Contents,
  others: Contents = [],
  withheld: Contents = [],
): Promise<SharedRecord> {
  const payload = record(digestsOf([...entries, ...withheld]));
  const { statement } = await readRecord(payload, [...entries, ...others]);
  assert(statement.kind === "record");
  return statement.record;
}

/** A record of `entries` that discloses these and `others` is refused. */
export async function refuses(
  reason: Reason,
  entries: Contents,
  others: Contents = [],
  body: Readonly<Record<number, Encodable>> = {},
  about = "",
): Promise<void> {
  const payload = record(digestsOf(entries), body);
  await rejected(readRecord(payload, [...entries, ...others]), reason, about);
}

/** An assessment, and an identity check. */
export const work = (title: string) => map({ 0: title, 1: 3 });
export const checked = map({ 0: "Seen in person" });
