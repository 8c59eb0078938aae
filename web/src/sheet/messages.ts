/** What page and sheet worker say to each other. */
import type { Language } from "../page/language.ts";
import type { Statement } from "../statement/statement.ts";
import type { Status } from "../verdict.ts";
import type { Tree } from "./tree.ts";

export interface Ordered {
  readonly statement: Statement;
  readonly status: Status;
  /** The language of the reader. */
  readonly language: Language;
  /** What the page says of it in that language: the headline, and sentences that go with it. */
  readonly says: readonly [headline: string, ...sentences: string[]];
}

export interface Drawn {
  /** CSS for the sheet alone. */
  readonly style: string;
  readonly tree: Tree;
}
