/** Without anything to check: what can be checked, how, and what this page is. */
import { readPrintedCode } from "../../codec/printed_code.ts";
import { button, element } from "../element.ts";
import { codeInAddress } from "../pasted.ts";
import { type Key, say } from "../words.ts";
import { emblem } from "./seal.ts";

export interface StartActions {
  /** A link or the text of a code. */
  take(text: string): void;
  lookUp(code: string): void;
  scan(): void;
  chooseFile(): void;
  tell(message: string): void;
}

const ABOUT: readonly Key[] = ["start.what_1", "start.what_2", "start.what_3", "start.what_4"];

export function startView(actions: StartActions): HTMLElement {
  const takeLink = (typed: string): void => {
    const code = readPrintedCode(codeInAddress(typed) ?? typed);
    if (code !== null) actions.lookUp(code);
    else if (typed.trim() !== "") actions.take(typed);
  };
  const takeCode = (typed: string): void => {
    const code = readPrintedCode(typed);
    if (code === null) actions.tell(say("start.code_wrong"));
    else actions.lookUp(code);
  };
  return element(
    "div",
    { class: "result start" },
    element(
      "div",
      { class: "column" },
      element(
        "section",
        { class: "card welcome", "aria-labelledby": "verdict" },
        element(
          "div",
          { class: "answer-line" },
          emblem(),
          element("h1", { id: "verdict", tabindex: -1 }, say("start.title")),
          element("p", { class: "lead" }, say("start.lead")),
        ),
        field("link", "start.link", "start.link_hint", "start.check", takeLink),
        element(
          "div",
          { class: "buttons" },
          button(say("start.camera"), () => actions.scan()),
          button(say("start.file"), () => actions.chooseFile()),
        ),
        element("p", { class: "hint" }, say("start.file_hint")),
        element("p", { class: "hint" }, say("start.private")),
      ),
      element(
        "section",
        { class: "card", "aria-labelledby": "code-title" },
        element("h2", { id: "code-title" }, say("start.code_title")),
        field("code", "start.code", "start.code_hint", "start.look_up", takeCode),
      ),
    ),
    element(
      "section",
      { class: "card", "aria-labelledby": "what-title" },
      element("h2", { id: "what-title" }, say("start.what_title")),
      ...ABOUT.map((key) => element("p", {}, say(key))),
    ),
  );
}

/** One line of input with its button. What is typed is never kept by the browser. */
function field(
  id: string,
  label: Key,
  hint: Key,
  act: Key,
  take: (typed: string) => void,
): HTMLElement {
  const input = element("input", {
    id,
    type: "text",
    dir: "ltr",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    "aria-describedby": `${id}-hint`,
  });
  const submit = (event: Event): void => {
    event.preventDefault();
    take(input.value);
  };
  return element(
    "form",
    { class: "field", submit },
    element("label", { for: id }, say(label)),
    element("p", { class: "hint", id: `${id}-hint` }, say(hint)),
    element(
      "div",
      { class: "with-button" },
      input,
      element("button", { class: "primary" }, say(act)),
    ),
  );
}
