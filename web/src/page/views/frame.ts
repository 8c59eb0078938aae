/** What stands around every view: the head with its switch of languages, and the foot. */
import { button, type Child, element, replace } from "../element.ts";
import { type Language, LANGUAGES } from "../language.ts";
import { language, say } from "../words.ts";
import { VERSION } from "../version.ts";
import { actionsView } from "./actions_view.ts";
import { checksView } from "./checks_view.ts";
import type { Result } from "./context.ts";
import { documentView } from "./document_view.ts";
import { unexpectedView, unsupportedView } from "./problem_view.ts";
import { emblem } from "./seal.ts";
import { shareView } from "./share_view.ts";
import { type StartActions, startView } from "./start_view.ts";
import { trustBox } from "./trust_box.ts";
import { spokenVerdict, verdictView } from "./verdict_view.ts";

export interface FrameActions {
  choose(language: Language): void;
  startOver(): void;
  openSettings(): void;
}

/** Laying out head and answer at once is quicker than one after the other. */
const SOON_MS = 150;

/** How long something said in passing stands there. */
const PASSING_MS = 12_000;

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no #${id}`);
  return found;
}

/** The parts of index.html that never go away. */
export class Frame {
  readonly #main = byId("main");
  readonly #spoken = byId("spoken");
  readonly #notice = byId("notice");
  #around: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    // Followed as a link, it would take the certificate out of the address.
    byId("skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.#main.focus();
    });
  }

  /**
   * Head and foot, in whatever language is spoken now: together with the view that is about to
   * come, or by themselves where it takes its time.
   */
  around(actions: FrameActions): void {
    this.#around = () => {
      this.#around = null;
      this.#drawAround(actions);
    };
    setTimeout(() => this.#around?.(), SOON_MS);
  }

  #drawAround(actions: FrameActions): void {
    byId("skip").textContent = say("page.skip");
    byId("drop").textContent = say("page.drop");
    const chosen = document.activeElement?.id === "language";
    replace(
      byId("head"),
      element(
        "button",
        { type: "button", class: "brand", click: () => actions.startOver() },
        emblem(),
        element("span", {}, say("page.title")),
      ),
      languageSwitch(actions),
      window.top === window ? null : element("p", { class: "notice warning" }, say("page.framed")),
    );
    if (chosen) byId("language").focus();
    replace(
      byId("foot"),
      element("p", {}, say("page.about")),
      element(
        "p",
        { class: "small" },
        button(say("page.trust"), () => actions.openSettings(), { class: "plain" }),
        " ",
        say("page.version", { version: VERSION, host: location.host }),
      ),
    );
  }

  /** Puts a view in the place of the one before. `title` says nothing of what was signed. */
  put(view: Child, title: string | null): void {
    this.#around?.();
    this.#main.ariaBusy = null;
    replace(this.#main, view);
    const whole = title === null ? say("page.title") : `${title} – ${say("page.title")}`;
    // The isolates around values are for the page, whose text may run the other way.
    document.title = whole.replace(/[\u2068\u2069]/g, "");
  }

  /** Adds the rest of a view once its beginning can be seen, unless another has taken its place. */
  afterwards(view: HTMLElement, rest: () => HTMLElement[]): void {
    this.#main.ariaBusy = "true";
    const add = (): void => {
      if (!view.isConnected) return;
      view.append(...rest());
      this.#main.ariaBusy = null;
    };
    // Nothing is painted in a tab that nobody looks at.
    if (document.hidden) add();
    else requestAnimationFrame(() => setTimeout(add));
  }

  /** For whoever hears the page. */
  speak(text: string): void {
    this.#spoken.textContent = text;
  }

  /** Said in passing, seen and heard. */
  tell(message: string): void {
    this.#notice.textContent = message;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#notice.textContent = "";
    }, PASSING_MS);
  }

  /** Only after the reader did something whose place on the page is gone. */
  focusAnswer(): void {
    document.getElementById("verdict")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

function languageSwitch(actions: FrameActions): HTMLElement {
  const select = element("select", { id: "language", "aria-label": say("page.language") });
  for (const [tag, name] of Object.entries(LANGUAGES)) {
    select.append(element("option", { value: tag, lang: tag, selected: tag === language() }, name));
  }
  select.addEventListener("change", () => {
    const chosen = Object.keys(LANGUAGES).find((tag) => tag === select.value);
    // Its options are the languages, which the type of their keys does not carry.
    if (chosen !== undefined) actions.choose(chosen as Language);
  });
  return select;
}

export function showStart(frame: Frame, actions: StartActions): void {
  frame.put(startView(actions), null);
  frame.speak("");
}

export function showChecking(
  frame: Frame,
  step: "checking" | "fetching" | "fetching_sealed",
): void {
  frame.put(
    element(
      "section",
      { class: "card checking" },
      emblem(),
      element("h1", { id: "verdict", tabindex: -1 }, say("page.checking")),
      step === "checking" ? null : element("p", {}, say(`page.${step}`)),
    ),
    null,
  );
}

export function showProblem(
  frame: Frame,
  problem: "unsupported" | "insecure" | "unexpected",
): void {
  const unexpected = problem === "unexpected";
  frame.put(unexpected ? unexpectedView() : unsupportedView(problem !== "insecure"), null);
  frame.speak(say(unexpected ? "problem.no_answer" : "problem.title"));
}

export function showResult(frame: Frame, result: Result): void {
  const verdict = verdictView(result);
  const share = shareView(result);
  if (share !== null) verdict.append(share);
  const spoken = spokenVerdict(result);
  const whole = element("div", { class: "result" }, verdict);
  frame.put(whole, spoken);
  frame.speak(spoken);
  frame.afterwards(whole, () => [
    element("div", { class: "column aside" }, trustBox(result), checksView(result)),
    element("div", { class: "column signed" }, documentView(result), actionsView(result)),
  ]);
}
