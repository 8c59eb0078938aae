/** Shelves for tests: one that tabs share, and ones that fail. */
import { type Held, MemoryShelf, type Shelf } from "../../src/keeping/shelf.ts";

/** As a database: what is read is a copy, and several keepers may share it. */
export class SharedShelf implements Shelf {
  readonly #memory = new MemoryShelf(new Map());
  /** Called before each write: what another tab does in between. */
  before: () => Promise<void> = async () => undefined;
  failing: "reading" | "writing" | null = null;

  async read(name: string): Promise<Held> {
    if (this.failing === "reading") throw new DOMException("taken away", "InvalidStateError");
    return structuredClone(await this.#memory.read(name));
  }

  async write(name: string, from: number, value: unknown): Promise<boolean> {
    await this.before();
    if (this.failing !== null) throw new DOMException("full", "QuotaExceededError");
    return this.#memory.write(name, from, structuredClone(value));
  }
}
