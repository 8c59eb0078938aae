/**
 * Where values are kept under names, each with a revision that counts its changes. Whoever changes
 * a value says which revision it was made from, so that two tabs never undo each other's work.
 */
export interface Held {
  readonly revision: number;
  /** Null: nothing is kept under this name (any more). */
  readonly value: unknown;
  /** What is kept is no such thing as is kept here; it counts as nothing. */
  readonly damaged?: true;
}

export const NOTHING: Held = { revision: 0, value: null };

export interface Shelf {
  read(name: string): Promise<Held>;
  /** False, and nothing is written, where the name's revision is not `from` any more. */
  write(name: string, from: number, value: unknown): Promise<boolean>;
}

/** For browsers that keep nothing: gone with the page. */
export class MemoryShelf implements Shelf {
  readonly #held: Map<string, Held>;

  constructor(held: ReadonlyMap<string, Held>) {
    this.#held = new Map(held);
  }

  async read(name: string): Promise<Held> {
    return this.#held.get(name) ?? NOTHING;
  }

  async write(name: string, from: number, value: unknown): Promise<boolean> {
    if ((this.#held.get(name) ?? NOTHING).revision !== from) return false;
    this.#held.set(name, { revision: from + 1, value });
    return true;
  }
}

/** A shelf that is still being opened. What is asked of it waits until it is. */
export class OpeningShelf implements Shelf {
  readonly #opening: Promise<Shelf>;

  constructor(opening: Promise<Shelf>) {
    this.#opening = opening;
  }

  async read(name: string): Promise<Held> {
    return (await this.#opening).read(name);
  }

  async write(name: string, from: number, value: unknown): Promise<boolean> {
    return (await this.#opening).write(name, from, value);
  }
}
