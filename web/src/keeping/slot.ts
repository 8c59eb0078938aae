import type { Kind } from "./kept.ts";
import type { Held } from "./shelf.ts";

/** One thing that is kept, as this page has it in hand, and of which revision that is. */
export class Slot<T> {
  readonly kind: Kind<T>;
  #revision = 0;
  #value: T | null = null;
  #next: T | null = null;
  #ahead = 0;
  #dropped = false;

  constructor(kind: Kind<T>) {
    this.kind = kind;
  }

  get value(): T | null {
    return this.#ahead > 0 ? this.#next : this.#value;
  }

  /** What counts from now on, before it is kept. Every call is followed by one of `caughtUp`. */
  goAhead(value: T | null): void {
    this.#next = value;
    this.#ahead += 1;
  }

  /** One of these is kept now, or was refused by what another tab keeps. */
  caughtUp(): void {
    this.#ahead -= 1;
  }

  /** What was kept could not be read back. */
  get dropped(): boolean {
    return this.#dropped;
  }

  drop(): void {
    this.#dropped = true;
  }

  put(revision: number, value: T | null): void {
    this.#revision = revision;
    this.#value = value;
  }

  /** Reads what is kept, unless it is at hand already. What is older than that changes nothing. */
  read({ revision, value, damaged }: Held): T | null {
    if (damaged) this.#dropped = true;
    if (revision === this.#revision) return this.#value;
    let read: T | null = null;
    try {
      read = value === null ? null : this.kind.fromStorage(value);
    } catch {
      this.#dropped = true;
    }
    if (revision > this.#revision) this.put(revision, read);
    return read;
  }

  /** What is to be kept for a value, as the revision after another. */
  next(revision: number, value: T | null): Held {
    return { revision: revision + 1, value: value === null ? null : this.kind.toStorage(value) };
  }

  /** What is at hand, in its stored form. */
  held(): Held {
    return this.next(this.#revision - 1, this.#value);
  }
}
