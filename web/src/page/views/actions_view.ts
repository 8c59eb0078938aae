/** What can be done with a result: copy, download, save, print, check another. */
import { button, element } from "../element.ts";
import { reportJson } from "../report.ts";
import { phrase, say } from "../words.ts";
import { atMilliseconds } from "./dates.ts";
import { onOwnSite, type Result } from "./context.ts";

export function actionsView(result: Result): HTMLElement {
  const { checked, actions, site: host } = result;
  const { subject, token } = checked;
  const link = subject.kind === "text" ? (subject.inAddress ? location.href : subject.text) : null;
  const date = atMilliseconds(checked.checkedAt);
  return element(
    "section",
    { class: "card actions", "aria-labelledby": "actions-title" },
    element("h2", { id: "actions-title" }, say("action.title")),
    element(
      "div",
      { class: "buttons" },
      link === null ? null : button(say("action.copy"), () => void copy(link, result)),
      token === null
        ? null
        : button(say("action.token"), () =>
            save(nameOf(result, "cose"), "application/cose", token),
          ),
      button(say("action.report"), () => void saveReport(result)),
      button(say("action.print"), () => print()),
      button(say("action.another"), () => actions.startOver(), { class: "primary" }),
    ),
    element("p", { class: "printed" }, ...phrase("action.printed", { date, host })),
  );
}

async function copy(link: string, { actions }: Result): Promise<void> {
  try {
    await navigator.clipboard.writeText(link);
    actions.tell(say("action.copied"));
  } catch {
    actions.tell(say("action.not_copied"));
  }
}

async function saveReport(result: Result): Promise<void> {
  const report = await reportJson(result, onOwnSite(result));
  save(nameOf(result, "json"), "application/json", new TextEncoder().encode(report));
}

/** Named by the printed code, where it may be shown. */
function nameOf({ checked }: Result, ending: "cose" | "json"): string {
  const { statement } = checked.verdict;
  const signed = statement?.kind === "record" ? statement.record : statement?.certificate;
  const kind = ending === "json" ? "verification" : (statement?.kind ?? "token");
  return `${[kind, signed?.id].filter((part) => part !== undefined).join("-")}.${ending}`;
}

function save(name: string, type: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
  element("a", { href: url, download: name }).click();
  // The browser has to have begun to read before the address ends.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
