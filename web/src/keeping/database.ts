import { type Held, NOTHING, type Shelf } from "./shelf.ts";

const VERSION = 1;
const OBJECTS = "kept";

/** Some browsers neither open a database nor say that they will not. */
const OPENING_MS = 2000;

function isHeld(value: unknown): value is Held {
  return (
    typeof value === "object" &&
    value !== null &&
    "value" in value &&
    "revision" in value &&
    Number.isSafeInteger(value.revision)
  );
}

/** A shelf in IndexedDB. Each method rejects where the browser refuses. */
export class DatabaseShelf implements Shelf {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
    // A later version of the page can go on in another tab; this tab then keeps nothing more.
    database.onversionchange = () => database.close();
  }

  /** Rejects where storage is disabled, blocked, or of a later version of the page. */
  static open(name: string): Promise<DatabaseShelf> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(name, VERSION);
      const late = setTimeout(() => reject(new Error("the database does not open")), OPENING_MS);
      request.onupgradeneeded = () => request.result.createObjectStore(OBJECTS);
      request.onblocked = () => reject(new Error("an older page holds it"));
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        clearTimeout(late);
        resolve(new DatabaseShelf(request.result));
      };
    });
  }

  async read(name: string): Promise<Held> {
    let held = NOTHING;
    await this.#transact("readonly", (objects) => {
      const request = objects.get(name);
      request.onsuccess = () => {
        if (isHeld(request.result)) held = request.result;
        else if (request.result !== undefined) held = { ...NOTHING, damaged: true };
      };
    });
    return held;
  }

  async write(name: string, from: number, value: unknown): Promise<boolean> {
    let written = false;
    await this.#transact("readwrite", (objects) => {
      const request = objects.get(name);
      request.onsuccess = () => {
        const held = isHeld(request.result) ? request.result : NOTHING;
        if (held.revision !== from) return;
        try {
          objects.put({ revision: from + 1, value } satisfies Held, name);
          written = true;
        } catch {
          objects.transaction.abort();
        }
      };
    });
    return written;
  }

  #transact(mode: IDBTransactionMode, work: (objects: IDBObjectStore) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction(OBJECTS, mode);
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
      work(transaction.objectStore(OBJECTS));
    });
  }
}
