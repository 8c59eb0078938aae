/** The page as a whole: what it shows now, and what leads from one view to the next. */
import { ed25519Supported } from "../crypto/ed25519.ts";
import { readFile } from "../files/pick.ts";
import type { Said } from "../files/said.ts";
import type { Basis, Keeper } from "../keeping/keeper.ts";
import { pageDictionary } from "../keeping/page_dictionary.ts";
import { type Refreshed, refreshIssuer } from "../keeping/refresh.ts";
import { answerTo } from "./answering.ts";
import { pickFile } from "./arrivals.ts";
import { audienceOf, NO_WISHES, type Subject, type Wishes } from "./checking.ts";
import { goAlong } from "./go_along.ts";
import { lookUp } from "./look_up.ts";
import { pastedLink } from "./pasted.ts";
import { PATIENCE_MS, type Step, withProgress } from "./progress.ts";
import { drawShown, type Shown } from "./shown.ts";
import { language, say } from "./words.ts";
import { openCamera } from "./views/camera_dialog.ts";
import type { Actions } from "./views/context.ts";
import type { Frame } from "./views/frame.ts";
import { type Pending, SettingsDialog } from "./views/settings_dialog.ts";

export class Page {
  readonly #keeper: Promise<Keeper>;
  readonly #frame: Frame;
  readonly #address: URL;
  /** The site of the page: its host, and the folder in which c/ and r/ lie. */
  readonly #site: string;
  readonly #dictionary = pageDictionary();
  readonly #supported = ed25519Supported().catch(() => false);
  #refreshed: Promise<Refreshed>;
  #shown: Shown = { kind: "start" };
  #subject: Subject | null = null;
  #wishes: Wishes = NO_WISHES;
  #isFresh = true;
  /** What takes its time, such as reading a file, is forgotten when something else was asked. */
  #tickets = 0;
  #settings: SettingsDialog | null = null;
  #speaks = false;
  /** Counts checks: an answer that is not to the last question is not shown. */
  #asked = 0;

  constructor(address: URL, keeper: Promise<Keeper>, refreshed: Promise<Refreshed>, frame: Frame) {
    this.#address = address;
    this.#site = location.host + new URL("..", address).pathname.replace(/\/$/, "");
    this.#keeper = keeper;
    this.#refreshed = refreshed;
    this.#frame = frame;
    // Without WebCrypto or Ed25519 both fail. Then nothing is checked, and they are never asked.
    this.#dictionary.catch(() => {});
    void keeper.then((opened) => goAlong(opened, this.#site, () => this.#startAgain()));
    refreshed.catch(() => {});
  }

  /** Shows what the address asks for. */
  readAddress(): void {
    const fragment = location.hash;
    if (fragment.length < 2) return this.#start();
    this.#take({ kind: "text", text: fragment, inAddress: true, sealedFile: null }, false);
  }

  /** A text from the clipboard, the camera, or typed. */
  takeText(pasted: string, said?: Said): void {
    const text = pastedLink(pasted);
    this.#leaveAddress();
    this.#take({ kind: "text", text, inAddress: false, sealedFile: null, said }, true);
  }

  async takeFile(file: File): Promise<void> {
    const ticket = ++this.#tickets;
    const found = await readFile(
      file,
      this.#dictionary.catch(() => undefined),
    );
    if (ticket !== this.#tickets) return;
    if (typeof found === "string") return this.#frame.tell(say(`found.${found}`));
    switch (found.kind) {
      case "text":
        return this.takeText(found.text, found.said);
      case "token":
        this.#leaveAddress();
        return this.#take(found, true);
      case "refused":
        this.startOver();
        return this.#frame.tell(found.said[language()]);
      case "trust":
        return this.openSettings({ name: file.name, bytes: found.bytes });
      case "sealed file":
        return this.#takeSealed(found.bytes);
    }
  }

  async openSettings(pending: Pending | null = null): Promise<void> {
    if (this.#settings?.isOpen) return this.#settings.show(pending, null);
    const [choose, changed] = [() => this.#chooseFile(), () => this.#startAgain()];
    this.#settings = new SettingsDialog(await this.#keeper, choose, changed);
    await this.#settings.open(pending);
  }

  /** There are words now. What was found out in the meantime is shown. */
  begin(): void {
    this.#speaks = true;
    this.draw();
  }

  /** Draws everything anew, in whatever language is spoken now. */
  draw(): void {
    if (!this.#speaks) return;
    const shown = this.#shown;
    // An answer is on its way: nothing is shown that it would take away again.
    if (shown.kind === "start" && this.#subject !== null) return;
    drawShown(this.#frame, shown, {
      take: (text) => this.takeText(text),
      lookUp: (code) => void this.#lookUp(code),
      scan: () => void openCamera((text) => this.takeText(text)),
      chooseFile: () => this.#chooseFile(),
      tell: (message) => this.#frame.tell(message),
    });
  }

  startOver(): void {
    this.#leaveAddress();
    this.#start();
    this.#frame.focusAnswer();
  }

  #start(): void {
    this.#asked += 1;
    this.#tickets += 1;
    this.#subject = null;
    this.#show({ kind: "start" });
  }

  #show(shown: Shown): void {
    this.#shown = shown;
    this.draw();
  }

  /** Another thing than the address bar says is about to be shown. */
  #leaveAddress(): void {
    if (location.hash !== "") history.pushState(null, "", location.pathname + location.search);
  }

  #take(subject: Subject, byHand: boolean): void {
    this.#tickets += 1;
    this.#subject = subject;
    this.#wishes = NO_WISHES;
    // The first answer goes by what was asked for when the page was opened.
    if (this.#isFresh) this.#isFresh = false;
    else this.#refreshed = this.#refresh();
    this.#again(byHand);
  }

  #takeSealed(sealedFile: Uint8Array): void {
    const subject = this.#subject;
    const waits = this.#shown.kind === "result" && this.#shown.result.checked.sealed !== null;
    if (subject?.kind !== "text" || !(waits || subject.sealedFile !== null)) {
      return this.#frame.tell(say("found.sealed_alone"));
    }
    this.#take({ ...subject, sealedFile }, true);
  }

  /** What is kept has changed, so the same question may have another answer. */
  #startAgain(): void {
    this.#wishes = { ...this.#wishes, byPage: false };
    this.#refreshed = this.#refresh();
    this.#again(false);
  }

  #refresh(): Promise<Refreshed> {
    const refreshed = refreshIssuer(this.#keeper, this.#address);
    refreshed.catch(() => {});
    return refreshed;
  }

  /** `byHand`: the reader asked for it, so that they are led to the answer. */
  #again(byHand: boolean): void {
    if (this.#subject === null) return;
    const asked = ++this.#asked;
    this.#check(this.#subject, asked).then(
      (shown) => {
        if (asked !== this.#asked) return;
        this.#show(shown);
        if (byHand) this.#frame.focusAnswer();
        void this.#tellWhenNothingIsKept();
      },
      (error: unknown) => {
        console.error(error);
        if (asked === this.#asked) this.#show({ kind: "problem", problem: "unexpected" });
      },
    );
  }

  /** Whether there is room shows only when something was put away, which no answer waits for. */
  async #tellWhenNothingIsKept(): Promise<void> {
    const keeper = await this.#keeper;
    if (!keeper.persistent) return;
    await keeper.settled;
    if (!keeper.persistent) this.draw();
  }

  #check(subject: Subject, asked: number): Promise<Shown> {
    const show = (step: Step): void => {
      if (asked === this.#asked) this.#show({ kind: "checking", step });
    };
    // Another answer must not stand there as if it were the one to this.
    const patience = this.#shown.kind === "start" ? PATIENCE_MS : 0;
    return withProgress("checking", patience, show, (progress) => this.#answer(subject, progress));
  }

  async #answer(subject: Subject, progress: (step: Step) => void): Promise<Shown> {
    const answer = await answerTo(subject, this.#wishes, {
      keeper: this.#keeper,
      page: this.#address,
      supported: this.#supported,
      refreshed: this.#refreshed,
      dictionary: this.#dictionary,
      progress,
    });
    if (typeof answer === "string") return { kind: "problem", problem: answer };
    return { kind: "result", result: { ...answer, site: this.#site, actions: this.#actions() } };
  }

  #actions(): Actions {
    const recheck = (change: Partial<Wishes>): void => {
      this.#wishes = { ...this.#wishes, ...change };
      this.#again(true);
    };
    return {
      again: () => {
        this.#refreshed = this.#refresh();
        this.#again(true);
      },
      checkBy: (basis: Basis) => recheck({ byPage: basis === "page" }),
      ask: (typed) => recheck({ audience: audienceOf(typed) }),
      chooseFile: () => this.#chooseFile(),
      openSettings: () => void this.openSettings(),
      startOver: () => this.startOver(),
      tell: (message) => this.#frame.tell(message),
    };
  }

  #chooseFile(): void {
    pickFile((file) => void this.takeFile(file));
  }

  async #lookUp(code: string): Promise<void> {
    const ticket = ++this.#tickets;
    const found = await lookUp(code, this.#address);
    if (ticket !== this.#tickets) return;
    if (typeof found === "string") this.#frame.tell(say(`start.code_${found}`, { code }));
    else location.assign(found);
  }
}
