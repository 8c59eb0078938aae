import type { TrustStore } from "../trust/store.ts";
import { DatabaseShelf } from "./database.ts";
import { checkAgreement, readTrustFile } from "./import.ts";
import { FILE, type FileTrust, type KeptFile, noPageTrust, PAGE, type PageTrust } from "./kept.ts";
import { noteKept, wasKept } from "./hint.ts";
import { MemoryShelf, OpeningShelf, type Shelf } from "./shelf.ts";
import { Slot } from "./slot.ts";

export { ImportContradicts, ImportNeeds } from "./import.ts";
export type { KeptFile } from "./kept.ts";

/** Where the trust in an issuer comes from. */
export type Basis = "page" | "file";

function openShelf(): Promise<Shelf> {
  const site = new URL("..", document.baseURI).pathname;
  return DatabaseShelf.open(`signedcert ${site}`);
}

/**
 * What this browser keeps: the issuers that the page's origin published, and those in a file that
 * the person imported. Where storage is disabled, full or broken, both last as long as the page.
 */
export class Keeper {
  #shelf: Shelf;
  #persistent: boolean;
  #keptAfterAll: Promise<boolean> = Promise.resolve(false);
  #turns: Promise<void> = Promise.resolve();
  #writing: Promise<void> = Promise.resolve();
  #channel: BroadcastChannel | null = null;
  readonly #page = new Slot(PAGE);
  readonly #file = new Slot(FILE);

  private constructor(shelf: Shelf, persistent: boolean) {
    this.#shelf = shelf;
    this.#persistent = persistent;
  }

  /**
   * Never rejects. The pages of one site, at c/ and r/, have one database. Where `kept` says that
   * nothing was kept so far, it is not waited for.
   */
  static async open(
    shelf: () => Promise<Shelf> = openShelf,
    kept: () => boolean = wasKept,
  ): Promise<Keeper> {
    const opening = shelf();
    const expected = kept();
    const keeper = new Keeper(new OpeningShelf(opening), true);
    const loading = Promise.all([keeper.#load(keeper.#page), keeper.#load(keeper.#file)]);
    // Each notices for itself that the shelf cannot be opened.
    opening.catch(() => keeper.#lost(expected));
    if (expected) await loading;
    else keeper.#keptAfterAll = loading.then((held) => held.some(({ value }) => value !== null));
    return keeper;
  }

  /**
   * True once it turns out that something was kept, although there was no sign of it: what was
   * answered so far, was answered without it.
   */
  get keptAfterAll(): Promise<boolean> {
    return this.#keptAfterAll;
  }

  /** False: nothing is kept beyond this page. Can become false later, when storage is full. */
  get persistent(): boolean {
    return this.#persistent;
  }

  /** What was kept, could not be read back, and is gone: its issuers' pins with it. */
  get dropped(): ReadonlySet<Basis> {
    const slots = [this.#page, this.#file];
    return new Set(slots.filter((slot) => slot.dropped).map((slot) => slot.kind.name));
  }

  get #pageTrust(): PageTrust {
    return this.#page.value ?? noPageTrust();
  }

  /** Issuers learned from this page's own origin. */
  get pageStore(): TrustStore {
    return this.#pageTrust.store;
  }

  /** Issuer → milliseconds since 1970 when this browser pinned it. */
  get firstSeen(): ReadonlyMap<string, number> {
    return this.#pageTrust.firstSeen;
  }

  /** Issuer → milliseconds since 1970 of the last successful fetch of its document. */
  get lastFetched(): ReadonlyMap<string, number> {
    return this.#pageTrust.lastFetched;
  }

  get fileStore(): TrustStore | null {
    return this.#file.value?.store ?? null;
  }

  get file(): KeptFile | null {
    return this.#file.value?.file ?? null;
  }

  /**
   * Takes the place of an earlier file: an unsigned bundle, a signed one with the operator's key,
   * or a key set of the issuer in its `iss` or given. Throws Refusal or ImportNeeds.
   */
  async importFile(
    name: string,
    bytes: Uint8Array,
    operatorKey?: Uint8Array,
    issuer?: string,
  ): Promise<void> {
    const trust = await readTrustFile(name, bytes, operatorKey, issuer);
    if (this.fileStore !== null) await checkAgreement(this.fileStore, trust.store);
    await this.#settle(this.#file, async () => trust);
  }

  async removeFile(): Promise<void> {
    await this.#settle(this.#file, async () => null);
  }

  /** Whoever publishes at this origin is pinned anew at the next visit. */
  async forgetPageIssuers(): Promise<void> {
    await this.#settle(this.#page, async () => null);
  }

  /**
   * Only for refresh.ts. It counts at once, and is kept in the background: `change` is then asked
   * again, with what is kept by that time.
   */
  async takeIn(change: (kept: PageTrust) => Promise<PageTrust>): Promise<void> {
    await this.#changeSoon(this.#page, (kept) => change(kept ?? noPageTrust()));
  }

  /** Likewise, for the file's store. Without a file, nothing happens. */
  async takeIntoFile(change: (store: TrustStore) => Promise<TrustStore>): Promise<void> {
    await this.#changeSoon(this.#file, async (kept: FileTrust | null) =>
      kept === null ? null : { ...kept, store: await change(kept.store) },
    );
  }

  /**
   * Tells other tabs of this site what a person decides here, and hears what they decide there:
   * `heard` is called once this tab goes by it, too.
   */
  listen(channel: BroadcastChannel, heard: () => void): void {
    this.#channel = channel;
    channel.onmessage = () => {
      void this.#inTurn(async () => {
        await this.#writing;
        await Promise.all([this.#load(this.#page), this.#load(this.#file)]);
      }).then(heard);
    };
  }

  /** Once everything that was taken in is kept, as far as this browser keeps anything. */
  get settled(): Promise<void> {
    return this.#writing;
  }

  /** What is kept now, by whichever tab, and its revision. */
  async #load<T>(slot: Slot<T>): Promise<{ revision: number; value: T | null }> {
    const held = await this.#shelf.read(slot.kind.name).catch(() => {
      this.#lastOnlyAsLongAsThePage();
      return this.#shelf.read(slot.kind.name);
    });
    return { revision: held.revision, value: slot.read(held) };
  }

  /** What a person asked for: done when it is kept, and after everything before it. */
  #settle<T>(slot: Slot<T>, change: (kept: T | null) => Promise<T | null>): Promise<void> {
    return this.#inTurn(async () => {
      const done = this.#writing.then(() => this.#change(slot, change));
      this.#writing = done.catch(() => undefined);
      await done;
      this.#channel?.postMessage(null);
    });
  }

  /** Nobody waits for a disk with an answer that is known already. */
  #changeSoon<T>(slot: Slot<T>, change: (kept: T | null) => Promise<T | null>): Promise<void> {
    return this.#inTurn(async () => {
      const before = slot.value;
      const changed = await change(before);
      if (changed === before) return;
      slot.goAhead(changed);
      this.#writing = this.#writing
        .then(() => this.#change(slot, change))
        // Refused now: another tab keeps something newer, which counts from here on.
        .catch(() => undefined)
        .finally(() => slot.caughtUp());
    });
  }

  /** One change after the other: each is made from what the one before it made. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turns.then(work);
    this.#turns = done.catch(() => undefined);
    return done;
  }

  /**
   * Makes the change from what is kept now. Where another tab wrote in between, it is made again
   * from what that one wrote.
   */
  async #change<T>(slot: Slot<T>, change: (kept: T | null) => Promise<T | null>): Promise<void> {
    for (;;) {
      const { revision, value } = await this.#load(slot);
      const changed = await change(value);
      if (changed === value) return;
      const next = slot.next(revision, changed);
      try {
        if (await this.#shelf.write(slot.kind.name, revision, next.value)) {
          slot.put(next.revision, changed);
          if (this.#persistent) noteKept();
          return;
        }
      } catch {
        this.#lastOnlyAsLongAsThePage();
      }
    }
  }

  /** What was kept cannot be reached: so it counts as gone, and is said to be. */
  #lost(expected: boolean): void {
    if (!expected) return;
    this.#page.drop();
    this.#file.drop();
  }

  /** Storage is full, or was taken away: goes on in memory with what is known. */
  #lastOnlyAsLongAsThePage(): void {
    if (!this.#persistent) return;
    this.#persistent = false;
    const slots = [this.#page, this.#file];
    this.#shelf = new MemoryShelf(new Map(slots.map((slot) => [slot.kind.name, slot.held()])));
  }
}
