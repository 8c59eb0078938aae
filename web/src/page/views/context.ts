/** What the views of a result are given, and what they can ask for. */
import type { Basis, Keeper } from "../../keeping/keeper.ts";
import type { IssuerDescription } from "../../trust/store.ts";
import type { Checked } from "../checking.ts";
import { isOwnSite } from "../headline.ts";

export interface Actions {
  /** Checks the same once more. */
  again(): void;
  checkBy(basis: Basis): void;
  /** Who the reader says to be. */
  ask(typed: string): void;
  chooseFile(): void;
  openSettings(): void;
  startOver(): void;
  /** Says something in passing. */
  tell(message: string): void;
}

export interface Result {
  readonly checked: Checked;
  readonly keeper: Keeper;
  /** The issuer that the statement names, else the one whose keys this page publishes. */
  readonly issuer: string | null;
  /** What is known of that issuer. */
  readonly description: IssuerDescription | null;
  /** The page's host, and its folder where it has one. */
  readonly site: string;
  readonly actions: Actions;
}

/** Whether the statement's issuer is this page's own host. False where nothing is shown. */
export function onOwnSite({ checked, issuer, site }: Result): boolean {
  return checked.verdict.statement !== null && issuer !== null && isOwnSite(issuer, site);
}
