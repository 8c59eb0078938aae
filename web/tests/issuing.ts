/** An issuer for tests: keys from seeds, documents, handovers, status lists, certificates. */
import { deflateSync } from "node:zlib";
import { toBeSigned } from "../src/codec/frame.ts";
import { joined } from "../src/codec/joined.ts";
import { kidOf, sha256, thumbprint } from "../src/crypto/digest.ts";
import { TrustStore } from "../src/trust/store.ts";
import { bytes, encode, map, tagged } from "./encoding.ts";
import type { Encodable } from "./encoding.ts";

export const ISSUER = "learn.example.edu";
export const OTHER_ISSUER = "other.example.org";
export const DAY = 86_400;
export const PUBLISHED = 1_793_491_200;
export const NEXT_UPDATE = PUBLISHED + 90 * DAY;
export const KEY_END = PUBLISHED + 365 * DAY;
export const ISSUED = PUBLISHED + DAY;
export const LIST_END = PUBLISHED + 60 * DAY;
export const NOW = ISSUED + DAY;
export const LAST = 253_402_300_799;
const MEDIA_TYPE = "application/vnd.signedcert.";

/** Labels to change in a map; null takes one away. */
export type Changes = Readonly<Record<number, Encodable | null>>;

export class Signer {
  readonly publicKey: Uint8Array;
  readonly kid: Uint8Array;
  readonly thumbprint: Uint8Array;
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey, publicKey: Uint8Array, kid: Uint8Array, print: Uint8Array) {
    this.#key = key;
    this.publicKey = publicKey;
    this.kid = kid;
    this.thumbprint = print;
  }

  /** RFC 8410: a PKCS #8 key is this prefix and the 32 bytes of the seed. */
  static async fromSeed(seed: Uint8Array): Promise<Signer> {
    const pkcs8 = joined(bytes("302e020100300506032b657004220420"), seed);
    const key = await crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", true, ["sign"]);
    const { x = "" } = await crypto.subtle.exportKey("jwk", key);
    const publicKey = new Uint8Array(Buffer.from(x, "base64url"));
    return new Signer(key, publicKey, await kidOf(publicKey), await thumbprint(publicKey));
  }

  static async named(name: string): Promise<Signer> {
    return Signer.fromSeed(await sha256(new TextEncoder().encode(name)));
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.sign("Ed25519", this.#key, new Uint8Array(message)));
  }

  get coseKey(): Encodable {
    return map({ 1: 1, [-1]: 6, [-2]: this.publicKey });
  }
}

/** One root for each epoch, and keys that stand in no document unless a test puts them there. */
export const ROOTS = await Promise.all([1, 2, 3, 4].map((n) => Signer.named(`root ${n}`)));
export const [ROOT, ROOT_2, ROOT_3] = ROOTS as [Signer, Signer, Signer]; // there are four
export const KEY = await Signer.named("key for statements");
export const SPARE = await Signer.named("another key for statements");
export const STATUS_KEY = await Signer.named("key for status lists");
export const STRANGER = await Signer.named("stranger");

export function changed(entries: Changes, changes: Changes): Map<Encodable, Encodable> {
  const all = Object.entries({ ...entries, ...changes });
  return map(
    Object.fromEntries(all.filter(([, value]) => value !== null)) as Record<number, Encodable>,
  );
}

export function headerOf(signer: Signer, type: string): Uint8Array {
  return encode(map({ 1: -19, 4: signer.kid, 16: type }));
}

/** A COSE_Sign1 with this protected header. */
export async function signedWith(
  header: Uint8Array,
  payload: Uint8Array,
  signer: Signer,
  unprotected: Encodable = map({}),
): Promise<Uint8Array> {
  const signature = await signer.sign(toBeSigned(header, payload));
  return encode(tagged(18, [header, unprotected, payload, signature]));
}

/** A token of the family: `kind` is the end of its media type. */
export async function signed(kind: string, payload: Encodable, by: Signer): Promise<Uint8Array> {
  return signedWith(headerOf(by, MEDIA_TYPE + kind), encode(payload), by);
}

export interface HandoverOptions {
  readonly epoch?: number;
  readonly roots?: readonly Encodable[];
  readonly by?: Signer;
  readonly claims?: Changes;
  readonly body?: Changes;
}

export function handover(options: HandoverOptions = {}): Promise<Uint8Array> {
  const { epoch = 1, roots = [ROOT.coseKey], by = ROOT, claims = {}, body = {} } = options;
  const content = changed({ 0: epoch, 1: roots }, body);
  return signed("handover", changed({ 1: ISSUER, 6: PUBLISHED, [-65537]: content }, claims), by);
}

/** The handovers up to an epoch, from root to root. */
export function handovers(epoch: number, claims: Changes = {}): Promise<Uint8Array[]> {
  const one = (root: Signer, place: number): Promise<Uint8Array> =>
    handover({
      epoch: place + 1,
      roots: [root.coseKey],
      by: ROOTS[Math.max(place - 1, 0)] ?? root,
      claims,
    });
  return Promise.all(ROOTS.slice(0, epoch).map(one));
}

export function signingKey(signer: Signer, use: 0 | 1 = 0, changes: Changes = {}): Encodable {
  return changed({ 0: signer.coseKey, 1: use, 2: PUBLISHED, 3: KEY_END }, changes);
}

export function ended(end: 0 | 1, since: number, vouched: Encodable | null = null): Changes {
  return { 4: changed({ 0: end, 1: since }, { 3: vouched }) };
}

export interface DocumentOptions {
  readonly version?: number;
  readonly epoch?: number;
  readonly by?: Signer;
  readonly claims?: Changes;
  readonly body?: Changes;
}

/** An issuer document of an epoch, signed by its root unless said otherwise. */
export async function document(options: DocumentOptions = {}): Promise<Uint8Array> {
  const { version = 1, epoch = 1, claims = {}, body = {} } = options;
  const root = ROOTS[epoch - 1] ?? ROOT;
  const issuer = claims[1] === undefined ? {} : { 1: claims[1] };
  const content = {
    0: version,
    1: NEXT_UPDATE,
    6: [root.coseKey],
    7: await handovers(epoch, issuer),
    8: [signingKey(KEY), signingKey(STATUS_KEY, 1)],
    9: `https://${ISSUER}/status/{number}.cwt`,
  };
  const payload = { 1: ISSUER, 6: PUBLISHED, [-65537]: changed(content, body) };
  return signed("issuer", changed(payload, claims), options.by ?? root);
}

/** A document that never grows stale. */
export const FINAL: Changes = { 1: null, 2: true };

export interface ListOptions {
  readonly number?: number | string;
  readonly entries?: readonly (readonly [number, number])[];
  readonly bits?: number;
  readonly by?: Signer;
  readonly claims?: Changes;
  readonly list?: ReadonlyMap<Encodable, Encodable>;
  readonly header?: Uint8Array;
}

/** A status list of a hundred entries of four bits. */
export async function statusList(options: ListOptions = {}): Promise<Uint8Array> {
  const { number = 1, entries = [], bits = 4, by = STATUS_KEY, claims = {} } = options;
  const array = new Uint8Array((100 * bits) / 8);
  for (const [index, value] of entries) {
    const at = Math.floor((index * bits) / 8);
    array[at] = (array[at] ?? 0) | (value << ((index * bits) % 8));
  }
  const list = new Map<Encodable, Encodable>([
    ["bits", bits],
    ["lst", new Uint8Array(deflateSync(array))],
    ...(options.list ?? []),
  ]);
  const content = {
    2: `https://${ISSUER}/status/${number}.cwt`,
    4: LIST_END,
    6: PUBLISHED,
    65533: list,
    65534: 43_200,
  };
  const header = options.header ?? headerOf(by, "application/statuslist+cwt");
  return signedWith(header, encode(changed(content, claims)), by);
}

export const CERTIFICATE: Changes = {
  0: "Ada Lovelace",
  1: map({ 0: "Analytical Engines", 1: "University of Example" }),
  2: 20_000,
};

export interface StatementOptions {
  readonly by?: Signer;
  readonly claims?: Changes;
  readonly body?: Changes;
}

export function certificate(options: StatementOptions = {}): Promise<Uint8Array> {
  const { by = KEY, claims = {}, body = {} } = options;
  const id = new Uint8Array(10).fill(7);
  const payload = { 1: ISSUER, 6: ISSUED, 7: id, [-65537]: changed(CERTIFICATE, body) };
  return signed("certificate", changed(payload, claims), by);
}

export function trustIn(token: Uint8Array, root: Signer = ROOT): Promise<TrustStore> {
  return TrustStore.empty().withIssuerDocument(token, root.publicKey);
}

export function jwk(signer: Signer = KEY, members: object = {}): object {
  const x = Buffer.from(signer.publicKey).toString("base64url");
  return { kty: "OKP", crv: "Ed25519", x, ...members };
}

export function keySet(keys: readonly unknown[] = [jwk()], members: object = {}): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ keys, ...members }));
}
