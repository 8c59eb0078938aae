import { readDocumentFrame, toBeSigned } from "../codec/frame.ts";
import { toHex } from "../crypto/digest.ts";
import { accepts } from "../crypto/ed25519.ts";
import { isIssuer } from "../statement/documents.ts";
import { Refusal } from "../verdict.ts";
import { describeIssuer } from "./description.ts";
import type { IssuerDescription } from "./description.ts";
import { earlierEnd } from "./ends.ts";
import { HeldIssuer } from "./held_issuer.ts";
import type { End } from "./held_issuer.ts";
import { lookIn } from "./looking_in.ts";
import { readBundle } from "./reading_bundles.ts";
import { readStatusToken } from "./status_token.ts";
import { takeInDocument, takeInList } from "./taking_in.ts";
import { writeBundle } from "./writing_bundles.ts";

export type { IssuerDescription } from "./description.ts";

/** The first byte of a token, hence of a signed bundle. */
const TAG_18 = 0xd2;

/** What a store keeps is its own: nobody who goes on using the bytes changes it. */
function ownCopy(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/**
 * What a verifier relies on: docs/spec.md, sections 10 to 13. A store does not change; every taking
 * in gives a new one, or is refused with a `Refusal`.
 */
export class TrustStore {
  /** Of the bundle as a whole. */
  readonly issuedAt: number | null;
  readonly nextUpdate: number | null;
  readonly #held: ReadonlyMap<string, HeldIssuer>;
  #index: ReadonlyMap<string, readonly HeldIssuer[]> | null = null;

  private constructor(
    issuers: Iterable<HeldIssuer>,
    issuedAt: number | null = null,
    nextUpdate: number | null = null,
  ) {
    this.issuedAt = issuedAt;
    this.nextUpdate = nextUpdate;
    this.#held = new Map([...issuers].map((held) => [held.content.name, held]));
  }

  /** Nobody is trusted: no token can be more than INDETERMINATE. */
  static empty(): TrustStore {
    return new TrustStore([]);
  }

  /** Of issuers that are held already, each with an end of its own. */
  static of(issuers: Iterable<HeldIssuer>): TrustStore {
    return new TrustStore(issuers);
  }

  /** An unsigned bundle (section 13.1), for which the caller vouches. */
  static fromBundle(bytes: Uint8Array): TrustStore {
    if (bytes[0] === TAG_18) {
      throw new Refusal("wrong_type");
    }
    const { issuers, issuedAt, nextUpdate } = readBundle(ownCopy(bytes));
    return new TrustStore(issuers, issuedAt, nextUpdate);
  }

  /** A bundle that the list operator with this public key has signed (section 13.3). */
  static async fromSignedBundle(bytes: Uint8Array, operatorKey: Uint8Array): Promise<TrustStore> {
    const { header, payload, signature } = readDocumentFrame(bytes, "bundle");
    if (!(await accepts(operatorKey, toBeSigned(header, payload), signature))) {
      throw new Refusal("signature_mismatch");
    }
    const { issuers, issuedAt, nextUpdate } = readBundle(ownCopy(payload));
    return new TrustStore(issuers, issuedAt, nextUpdate);
  }

  /** One issuer by its JWK Set (section 10), for whose origin the caller vouches. */
  static fromKeySet(issuer: string, bytes: Uint8Array): Promise<TrustStore> {
    return TrustStore.empty().withKeySet(issuer, bytes);
  }

  /** The store as a file: one content, one sequence of bytes (section 13.1). */
  toBundle(): Uint8Array {
    const issuers = this.issuers.map((name) => this.#heldOrThrow(name));
    return writeBundle({ issuers, issuedAt: this.issuedAt, nextUpdate: this.nextUpdate });
  }

  /** In bytewise ascending order. */
  get issuers(): readonly string[] {
    return [...this.#held.keys()].sort();
  }

  /** An issuer document, with a root that the verifier was told or without (section 13.2). */
  async withIssuerDocument(token: Uint8Array, root?: Uint8Array): Promise<TrustStore> {
    const own = ownCopy(token);
    const look = lookIn(own);
    return this.#with([await takeInDocument(own, look, this.#held.get(look.issuer), root)]);
  }

  /** A key set of an issuer of which nothing is held (section 13.2). */
  async withKeySet(issuer: string, bytes: Uint8Array): Promise<TrustStore> {
    if (!isIssuer(issuer)) {
      throw new Refusal("schema_violation");
    }
    const held = await HeldIssuer.ofKeySet(issuer, ownCopy(bytes));
    if (this.#held.has(issuer)) {
      // Section 13.2 names no reason: there are other keys of this issuer already.
      throw new Refusal("fork");
    }
    return this.#with([held]);
  }

  /** A status list, of whichever issuers have signed it, or of the one named (section 13.2). */
  async withStatusList(list: Uint8Array, issuer?: string): Promise<TrustStore> {
    const token = readStatusToken(list);
    const named = issuer === undefined ? [] : [this.#held.get(issuer)];
    const asked = issuer === undefined && token.kid !== null ? this.mayHave(token.kid) : named;
    const taken: HeldIssuer[] = [];
    let refusal = new Refusal("status_list_refused");
    for (const held of asked) {
      try {
        taken.push(...(held === undefined ? [] : [await takeInList(ownCopy(list), token, held)]));
      } catch (error) {
        if (!(error instanceof Refusal)) {
          throw error;
        }
        refusal = error;
      }
    }
    if (taken.length === 0) {
      throw refusal;
    }
    return this.#with(taken);
  }

  /** Without an issuer and its pin; the same store where it is not in it. */
  without(issuer: string): TrustStore {
    const others = [...this.#held.values()].filter((held) => held.content.name !== issuer);
    return new TrustStore(others, this.issuedAt, this.nextUpdate);
  }

  /** What is held of an issuer of the store, opened. */
  async describe(issuer: string): Promise<IssuerDescription> {
    return describeIssuer(this.#heldOrThrow(issuer), this.endOf(issuer));
  }

  /** What is held of an issuer. */
  held(issuer: string): HeldIssuer | undefined {
    return this.#held.get(issuer);
  }

  /** The issuers that may have a key of this kid, as the index says (section 13.1). */
  mayHave(kid: Uint8Array): readonly HeldIssuer[] {
    this.#index ??= this.#buildIndex();
    return this.#index.get(toHex(kid)) ?? [];
  }

  /**
   * The end that counts for an issuer: of the bundle's and its own, the earlier (section 13.4); the
   * bundle's, where they are equal.
   */
  endOf(issuer: string): End | null {
    return earlierEnd(this.end, this.#held.get(issuer)?.content.end ?? null);
  }

  /** The end of the bundle as a whole (section 13.4). */
  get end(): End | null {
    const { issuedAt, nextUpdate } = this;
    return issuedAt === null || nextUpdate === null ? null : { issuedAt, nextUpdate };
  }

  #buildIndex(): ReadonlyMap<string, readonly HeldIssuer[]> {
    const index = new Map<string, HeldIssuer[]>();
    for (const name of this.issuers) {
      const held = this.#heldOrThrow(name);
      for (const kid of held.content.kids) {
        const named = index.get(kid);
        if (named === undefined) index.set(kid, [held]);
        else named.push(held);
      }
    }
    return index;
  }

  #heldOrThrow(issuer: string): HeldIssuer {
    const held = this.#held.get(issuer);
    if (held === undefined) {
      throw new Error(`${issuer} is not in the trust store`);
    }
    return held;
  }

  #with(changed: readonly HeldIssuer[]): TrustStore {
    const all = new Map(this.#held);
    for (const held of changed) {
      all.set(held.content.name, held);
    }
    return new TrustStore(all.values(), this.issuedAt, this.nextUpdate);
  }
}
