/** For whom and until when a learner shared a record, and the question who the reader is. */
import type { ShareClaims } from "../../statement/statement.ts";
import { element } from "../element.ts";
import { phrase, say } from "../words.ts";
import { atMoment } from "./dates.ts";
import type { Result } from "./context.ts";

/** Null where it is no share, or nothing of it may be shown. */
export function shareView({ checked, actions }: Result): HTMLElement | null {
  const { statement, findings } = checked.verdict;
  const share: ShareClaims | undefined =
    statement?.kind === "record" ? statement.record.share : undefined;
  if (share === undefined) return null;
  const ended = findings.some(({ reason }) => reason === "share_expired");
  const { audience } = share;
  const date = atMoment(share.expires_at);
  const input = element("input", {
    id: "audience",
    type: "text",
    autocomplete: "organization",
    maxlength: 400,
    "aria-describedby": "audience-hint",
  });
  input.value = checked.policy.audience ?? "";
  const ask = (event: Event): void => {
    event.preventDefault();
    actions.ask(input.value);
  };
  return element(
    "div",
    { class: "share" },
    element("p", { class: "prepared" }, ...phrase("share.prepared_for", { audience })),
    element("p", {}, ...phrase(ended ? "share.ended" : "share.until", { date })),
    element(
      "form",
      { class: "field", submit: ask },
      element("label", { for: "audience" }, say("share.who")),
      element("p", { class: "hint", id: "audience-hint" }, say("share.who_hint")),
      element("div", { class: "with-button" }, input, element("button", {}, say("share.ask"))),
    ),
  );
}
