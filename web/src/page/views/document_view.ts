/** Every field that was signed, laid out for comparison with the paper. */
import { element } from "../element.ts";
import { onlyLinkFailed } from "../headline.ts";
import { say } from "../words.ts";
import { certificateParts } from "./certificate_view.ts";
import type { Result } from "./context.ts";
import { recordParts } from "./record_view.ts";
import { sheetButton } from "./sheet_view.ts";

/** Null where there is no statement: then nothing of the payload is shown. */
export function documentView(result: Result): HTMLElement | null {
  const { checked } = result;
  const { statement, status } = checked.verdict;
  if (statement === null) return null;
  const parts =
    statement.kind === "record"
      ? recordParts(statement.record)
      : certificateParts(statement.certificate);
  const doubt =
    status === "INDETERMINATE"
      ? "document.undecided"
      : onlyLinkFailed(checked.verdict)
        ? "document.link_not_valid"
        : "document.not_valid";
  return element(
    "section",
    { class: "card document", "aria-labelledby": "document-title" },
    element("h2", { id: "document-title" }, say("document.title")),
    status === "VALID" ? null : element("p", { class: "notice warning" }, say(doubt)),
    element("div", { class: "buttons" }, sheetButton(result, statement)),
    ...parts,
  );
}
