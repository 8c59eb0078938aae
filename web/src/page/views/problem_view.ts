/** Where the page cannot check at all: it says so, and never guesses. */
import { element } from "../element.ts";
import { type Key, say } from "../words.ts";

/** The browser has no Ed25519, or the page was not opened securely. */
export function unsupportedView(secure: boolean): HTMLElement {
  return problem(
    "problem.title",
    element("p", { class: "lead" }, say(secure ? "problem.no_ed25519" : "problem.insecure")),
    secure ? element("p", {}, say("problem.versions")) : null,
  );
}

/** A defect of the page. */
export function unexpectedView(): HTMLElement {
  return problem("problem.no_answer", element("p", { class: "lead" }, say("problem.unexpected")));
}

function problem(title: Key, ...content: (HTMLElement | null)[]): HTMLElement {
  return element(
    "section",
    { class: "card verdict problem tone-undecided", "aria-labelledby": "verdict" },
    element("h1", { id: "verdict", tabindex: -1 }, say(title)),
    ...content,
    element(
      "p",
      {},
      say("trust.rely_command"),
      " ",
      element("code", { class: "command", dir: "ltr" }, "signedcert verify 'LINK'"),
    ),
  );
}
