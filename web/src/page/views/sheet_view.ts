/**
 * The certificate as a sheet of paper, to be held beside the one that somebody was given. A worker
 * draws it when it is asked for; here it becomes elements.
 */
import type { Drawn, Ordered } from "../../sheet/messages.ts";
import type { Tree } from "../../sheet/tree.ts";
import type { Statement } from "../../statement/statement.ts";
import { ask } from "../../worker/ask.ts";
import { button, type Child, element } from "../element.ts";
import { language, say } from "../words.ts";
import { atMilliseconds } from "./dates.ts";
import type { Result } from "./context.ts";
import { spokenVerdict } from "./verdict_view.ts";

/** Has the sheet drawn above the result, in the place of an earlier one. */
export function sheetButton(result: Result, statement: Statement): HTMLElement {
  const { checked, site: host, actions } = result;
  const date = atMilliseconds(checked.checkedAt);
  const opener = button(say("document.sheet"), async () => {
    const drawn = await ask<Drawn>("sheet.js", {
      statement,
      status: checked.verdict.status,
      language: language(),
      says: [spokenVerdict(result), say("action.printed", { date, host })],
    } satisfies Ordered);
    if (drawn === null) actions.tell(say("problem.unexpected"));
    else show(drawn, opener);
  });
  return opener;
}

function show({ style, tree }: Drawn, opener: HTMLElement): void {
  const styles = new CSSStyleSheet();
  styles.replaceSync(style);
  document.adoptedStyleSheets = [styles];
  document.querySelector(".sheet")?.remove();
  const sheet = element(
    "section",
    { class: "sheet", tabindex: -1, "aria-label": opener.innerText },
    built(tree),
    button(say("settings.close"), () => {
      sheet.remove();
      opener.focus();
    }),
  );
  // Where another answer has come in the meantime, the opener is nowhere, and nothing is shown.
  opener.closest(".result")?.before(sheet);
  sheet.focus();
  sheet.scrollIntoView();
}

/** What stands in its attributes runs nothing: the page's policy sees to that. */
function built(tree: Tree): Child {
  return typeof tree === "string" ? tree : element(tree[0], tree[1], ...tree[2].map(built));
}
