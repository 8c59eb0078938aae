/** Whose keys count: the reader's own trust file, and what this page has kept. */
import { ImportContradicts, ImportNeeds, type Keeper } from "../../keeping/keeper.ts";
import type { TrustStore } from "../../trust/store.ts";
import { Refusal } from "../../verdict.ts";
import { button, type Child, element, replace } from "../element.ts";
import { phrase, say } from "../words.ts";
import { atMilliseconds } from "./dates.ts";
import { importForm, type Needs } from "./import_form.ts";
import { issuersView } from "./issuers_view.ts";
import { code } from "./rows.ts";

/** A file that waits for a decision. */
export interface Pending {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The dialog while it is open. A file that is dropped then takes the place of an earlier one. */
export class SettingsDialog {
  readonly #keeper: Keeper;
  readonly #chooseFile: () => void;
  readonly #changed: () => void;
  readonly #body = element("div", { class: "settings-body" });
  readonly #status = element("p", { role: "status", class: "settings-status" });
  readonly #dialog: HTMLDialogElement;

  constructor(keeper: Keeper, chooseFile: () => void, changed: () => void) {
    this.#keeper = keeper;
    this.#chooseFile = chooseFile;
    this.#changed = changed;
    this.#dialog = element(
      "dialog",
      { class: "settings", "aria-labelledby": "settings-title" },
      element(
        "div",
        { class: "dialog-head" },
        element("h2", { id: "settings-title" }, say("page.trust")),
        button(say("settings.close"), () => this.#dialog.close()),
      ),
      this.#status,
      this.#body,
    );
  }

  get isOpen(): boolean {
    return this.#dialog.open;
  }

  async open(pending: Pending | null): Promise<void> {
    document.body.append(this.#dialog);
    this.#dialog.addEventListener("close", () => this.#dialog.remove(), { once: true });
    await this.show(pending, null);
    this.#dialog.showModal();
  }

  /** `needs`: what the pending file cannot be read without. */
  async show(pending: Pending | null, needs: Needs): Promise<void> {
    const keeper = this.#keeper;
    const filePart =
      pending === null
        ? await this.#filePart()
        : importForm(pending.name, needs, {
            accept: (operator, issuer) => void this.#import(pending, operator, issuer),
            cancel: () => void this.show(null, null),
            refuse: (message) => this.#say(message),
          });
    replace(
      this.#body,
      element(
        "section",
        { "aria-labelledby": "file-title" },
        element("h3", { id: "file-title" }, say("settings.file_title")),
        ...filePart,
      ),
      element(
        "section",
        { "aria-labelledby": "page-title" },
        element("h3", { id: "page-title" }, say("settings.page_title")),
        element("p", { class: "hint" }, say("settings.page_about")),
        keeper.persistent ? null : element("p", { class: "notice" }, say("page.nothing_kept")),
        ...(await this.#pagePart(keeper.pageStore)),
      ),
    );
  }

  async #filePart(): Promise<Child[]> {
    const { file, fileStore } = this.#keeper;
    const choose = button(say("settings.choose"), this.#chooseFile);
    if (file === null || fileStore === null) {
      return [element("p", {}, say("settings.file_none")), choose];
    }
    const kept = { name: file.name, date: atMilliseconds(file.importedAt) };
    return [
      element("p", {}, ...phrase("settings.file_kept", kept)),
      file.operator === null
        ? null
        : element("p", {}, say("settings.operator"), " ", code(file.operator)),
      await issuersView(fileStore, new Map()),
      element(
        "div",
        { class: "buttons" },
        choose,
        button(say("settings.remove"), () => void this.#remove()),
      ),
    ];
  }

  async #pagePart(store: TrustStore): Promise<Child[]> {
    if (store.issuers.length === 0) return [element("p", {}, say("settings.page_none"))];
    return [
      await issuersView(store, this.#keeper.firstSeen),
      button(say("settings.forget"), () => void this.#forget()),
      element("p", { class: "hint" }, say("settings.forget_hint")),
    ];
  }

  async #import(
    pending: Pending,
    operator: Uint8Array | undefined,
    issuer: string | undefined,
  ): Promise<void> {
    try {
      await this.#keeper.importFile(pending.name, pending.bytes, operator, issuer);
    } catch (error) {
      if (error instanceof ImportNeeds) return this.show(pending, error.needs);
      if (error instanceof ImportContradicts) {
        this.#say(`${say("settings.contradicts")} ${say(`reason.${error.reason}`)}`);
        return;
      }
      if (!(error instanceof Refusal)) throw error;
      this.#say(`${say("settings.refused")} ${say(`reason.${error.reason}`)}`);
      return;
    }
    const kept = this.#keeper.persistent ? "settings.imported" : "settings.not_kept";
    await this.#done(say(kept));
  }

  async #remove(): Promise<void> {
    await this.#keeper.removeFile();
    await this.#done("");
  }

  async #forget(): Promise<void> {
    await this.#keeper.forgetPageIssuers();
    await this.#done(say("settings.forgotten"));
  }

  async #done(message: string): Promise<void> {
    await this.show(null, null);
    this.#say(message);
    this.#changed();
  }

  #say(message: string): void {
    this.#status.textContent = message;
  }
}
