/** What a record discloses, and the record as shown: docs/spec.md, sections 15.3 and 15.5. */
import { decode, encodeHead } from "../codec/cbor.ts";
import { joined } from "../codec/joined.ts";
import type { Key, Value } from "../codec/values.ts";
import { sameBytes, sha256, toHex } from "../crypto/digest.ts";
import { Refusal } from "../verdict.ts";
import { demand, type Faults } from "./kind.ts";
import { ENTRIES, LISTS } from "./record.ts";
import type { Additional, Json, SharedRecord, Withheld } from "./statement.ts";
import { ignored } from "./table.ts";

export interface Disclosed {
  readonly fields: Pick<
    SharedRecord,
    "learner" | "final_score" | "assessments" | "identity_checks"
  >;
  readonly additional: Additional;
  /** Whether at least one digest of an entry was not disclosed. */
  readonly withholds: boolean;
}

const WITHHELD: Withheld = { withheld: true };

/** The most bytes of a disclosure that is not that of a list. */
const MOST_BYTES = 4096;

const SALT_BYTES = 16;

/** What stands before the digest of a row: tag 60, and the head of 32 bytes. */
const ROW_HEAD = Uint8Array.of(0xd8, 0x3c, 0x58, 0x20);
const ROW_BYTES = ROW_HEAD.length + 32;
const MOST_ROWS = 256;

/** The disclosures of one record by their digests. */
class Disclosures {
  private readonly byDigest = new Map<string, Uint8Array>();
  private readonly standing = new Set<string>();

  static async of(contents: readonly Uint8Array[]): Promise<Disclosures> {
    const disclosures = new Disclosures();
    for (const content of contents) {
      const whole = joined(encodeHead(2, content.length), content);
      disclosures.byDigest.set(toHex(await sha256(whole)), content);
    }
    return disclosures;
  }

  /** What stands behind a digest of the record; undefined where it is not disclosed. */
  take(digest: Uint8Array): Uint8Array | undefined {
    const name = toHex(digest);
    demand(!this.standing.has(name));
    this.standing.add(name);
    return this.byDigest.get(name);
  }

  get allUsed(): boolean {
    return [...this.byDigest.keys()].every((name) => this.standing.has(name));
  }
}

/**
 * The disclosures behind `digests`, those under simple(59). `taken` are the labels that no entry
 * may have. Throws `schema_violation` or `disclosure_mismatch`; what is less grave is noted.
 */
export async function readDisclosures(
  contents: readonly Uint8Array[],
  digests: readonly Uint8Array[],
  taken: Iterable<Key>,
  faults: Faults,
): Promise<Disclosed> {
  const disclosures = await Disclosures.of(contents);
  const labels = new Set(taken);
  const entries = new Map<number, Value>();
  const lists = new Map<number, Uint8Array[]>();
  let withholds = false;

  for (const digest of digests) {
    const content = disclosures.take(digest);
    if (content === undefined) {
      withholds = true;
      continue;
    }
    const list = listIn(content);
    const [value, label] = list === null ? open(content, 3) : [undefined, list.label];
    if (label === undefined) continue; // a decoy
    demand(typeof label === "number" && !labels.has(label));
    labels.add(label);
    if (list !== null) lists.set(label, list.rows);
    else if (value !== undefined) entries.set(label, value);
  }

  const fields: Record<string, unknown> = {};
  for (const [name, [label, kind]] of Object.entries(ENTRIES)) {
    const value = entries.get(label);
    entries.delete(label);
    if (value !== undefined) fields[name] = kind(value, faults);
    else if (withholds) fields[name] = WITHHELD;
  }
  for (const [name, [label, kind, most]] of Object.entries(LISTS)) {
    demand(!entries.has(label)); // as a list, it would be laid out otherwise
    const rows = lists.get(label)?.flatMap((digest): object[] => {
      const content = disclosures.take(digest);
      if (content === undefined) return [WITHHELD];
      const [value] = open(content, 2);
      return value === undefined ? [] : [kind(value, faults)];
    });
    demand(rows === undefined || rows.filter((row) => row !== WITHHELD).length <= most);
    if (rows === undefined ? withholds : rows.length > 0) fields[name] = rows ?? WITHHELD;
  }
  const additional: Record<string, Json> = {};
  for (const [label, value] of entries) {
    if (label >= 128) additional[label] = ignored(value);
    else faults.unknownField = true;
  }
  if (!disclosures.allUsed) throw new Refusal("disclosure_mismatch");
  // Names and kinds are those of the tables, whose types say what each field holds.
  return { fields: fields as Disclosed["fields"], additional, withholds };
}

/** Label and digests of rows, where a disclosure is laid out as that of a list. */
function listIn(content: Uint8Array): { label: number; rows: Uint8Array[] } | null {
  const label = content.at(-1);
  if (label === undefined || !Object.values(LISTS).some(([known]) => known === label)) return null;
  const value = content.subarray(2 + SALT_BYTES, -1);
  const count = Math.floor(value.length / ROW_BYTES);
  if (count < 1 || count > MOST_ROWS) return null;
  const head = encodeHead(4, count);
  const rows = Array.from({ length: count }, (_, place) => {
    const start = head.length + place * ROW_BYTES + ROW_HEAD.length;
    return value.subarray(start, start + 32);
  });
  const salt = content.subarray(2, 2 + SALT_BYTES);
  const written = joined(
    Uint8Array.of(0x83, 0x50),
    salt,
    head,
    ...rows.flatMap((row) => [ROW_HEAD, row]),
    Uint8Array.of(label),
  );
  return sameBytes(written, content) ? { label, rows } : null;
}

/** What stands behind the salt: nothing of a decoy, otherwise `most` − 1 items. */
function open(content: Uint8Array, most: number): [value?: Value, label?: Value] {
  demand(content.length <= MOST_BYTES);
  const items = decodeItem(content);
  demand(Array.isArray(items) && (items.length === 1 || items.length === most));
  const [salt, value, label] = items;
  demand(salt instanceof Uint8Array && salt.length === SALT_BYTES);
  return value === undefined ? [] : label === undefined ? [value] : [value, label];
}

/** The signature is over the digest: an item outside the profile is a fault of its content. */
function decodeItem(content: Uint8Array): Value {
  try {
    return decode(content);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal("schema_violation");
    throw error;
  }
}
