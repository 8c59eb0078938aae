import { sameBytes } from "../crypto/digest.ts";
import { Refusal } from "../verdict.ts";
import { indexedKids, openedDocument, openIssuer, openKeySet, orRefused } from "./opening.ts";
import type { Opened, Refused } from "./opening.ts";
import { acceptList, unpackList } from "./status_list.ts";
import type { StatusList } from "./status_list.ts";
import { readStatusToken } from "./status_token.ts";
import type { Pin, Walked } from "./walk.ts";

/** Until when somebody vouches for an issuer, and when that was said (section 13.4). */
export interface End {
  readonly issuedAt: number;
  readonly nextUpdate: number;
}

/** How many lists of one issuer are kept unpacked. */
const OPENED_LISTS = 4;

interface Content {
  readonly name: string;
  /** The token of the issuer document, or the bytes of the key set. */
  readonly published: Uint8Array;
  /** Null: held by its key set. */
  readonly pin: Pin | null;
  readonly lists: ReadonlyMap<number, Uint8Array>;
  readonly end: End | null;
  /** What the index names, in hexadecimal, ascending. */
  readonly kids: readonly string[];
}

/**
 * What a trust store holds of one issuer (docs/spec.md, section 13.1). It does not change. What it
 * holds is opened when it is first needed, and remembered; that shows in nothing but time.
 */
export class HeldIssuer {
  readonly content: Content;
  #opened: Promise<Opened> | null;
  readonly #lists = new Map<number, Promise<StatusList | Refused>>();

  constructor(content: Content, opened: Promise<Opened> | null = null) {
    this.content = content;
    this.#opened = opened;
  }

  /**
   * A document that was verified just now, with its pin. The lists and the end of what was held
   * `before` stay (section 13.2).
   */
  static async ofDocument(
    token: Uint8Array,
    walked: Walked,
    before: HeldIssuer | null = null,
  ): Promise<HeldIssuer> {
    const opened = await openedDocument(walked);
    const content = {
      name: walked.document.issuer,
      published: token,
      pin: walked.pin,
      lists: before?.content.lists ?? new Map<number, Uint8Array>(),
      end: before?.content.end ?? null,
      kids: await indexedKids(opened),
    };
    return new HeldIssuer(content, Promise.resolve(opened));
  }

  /** A key set (section 10), refused where it breaks a rule. */
  static async ofKeySet(name: string, bytes: Uint8Array): Promise<HeldIssuer> {
    const opened = await openKeySet(name, bytes);
    const kids = await indexedKids(opened);
    const content = { name, published: bytes, pin: null, lists: new Map(), end: null, kids };
    return new HeldIssuer(content, Promise.resolve(opened));
  }

  withList(number: number, list: Uint8Array): HeldIssuer {
    const before = this.content.lists.get(number);
    if (before !== undefined && sameBytes(before, list)) {
      return this;
    }
    return this.with({ lists: new Map([...this.content.lists, [number, list]]) });
  }

  with(change: Partial<Pick<Content, "lists" | "end" | "kids">>): HeldIssuer {
    const changed = new HeldIssuer({ ...this.content, ...change }, this.#opened);
    for (const [number, opened] of this.#lists) {
      if (changed.content.lists.get(number) === this.content.lists.get(number)) {
        changed.#lists.set(number, opened);
      }
    }
    return changed;
  }

  open(): Promise<Opened> {
    const { name, published, pin } = this.content;
    this.#opened ??= openIssuer(name, published, pin);
    return this.#opened;
  }

  /** An opened list (section 12.1); null where the store holds none of this number. */
  async openList(number: number): Promise<StatusList | Refused | null> {
    const list = this.content.lists.get(number);
    if (list === undefined) {
      return null;
    }
    let opened = this.#lists.get(number);
    if (opened === undefined) {
      opened = orRefused(() => this.#openList(number, list));
      // What one list unpacks to can be 32 MiB.
      if (this.#lists.size >= OPENED_LISTS) this.#lists.clear();
      this.#lists.set(number, opened);
    }
    return opened;
  }

  async #openList(number: number, list: Uint8Array): Promise<StatusList> {
    const opened = await this.open();
    if (opened.kind !== "document") {
      throw new Refusal("status_list_refused");
    }
    const signed = await acceptList(readStatusToken(list), opened);
    if (signed.number !== number) {
      throw new Refusal("status_list_refused");
    }
    return unpackList(signed);
  }
}
