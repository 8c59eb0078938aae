/** Each check with its own yes, no or not known, and the date up to which that is known. */
import type { Finding } from "../../verdict.ts";
import { element } from "../element.ts";
import { sentenceOf } from "../headline.ts";
import { phrase, say } from "../words.ts";
import { atSeconds } from "./dates.ts";
import { onOwnSite, type Result } from "./context.ts";
import { markOf } from "./seal.ts";

export function checksView(result: Result): HTMLElement {
  const { findings } = result.checked.verdict;
  return element(
    "section",
    { class: "card checks", "aria-labelledby": "checks-title" },
    element("h2", { id: "checks-title" }, say("checks.title")),
    element("ul", {}, ...findings.map((finding) => findingView(finding, result))),
  );
}

/** Of these, keys that nothing but a page vouches for give no plain yes. */
const BY_KEYS: readonly string[] = ["ISSUER_MATCHES_KEY", "KEY_PERIOD", "STATUS", "SHARE_STATUS"];

function findingView(finding: Finding, result: Result): HTMLElement {
  const { checked } = result;
  const { check, outcome, asOf } = finding;
  const { basis } = checked.policy;
  const ofRecord = checked.verdict.findings.length > 8;
  const ahead = asOf !== null && asOf * 1000 > checked.checkedAt;
  // No plain yes for a key that nothing but this page vouches for.
  const doubtful = check === "ISSUER_TRUSTED" || (BY_KEYS.includes(check) && !onOwnSite(result));
  const byPage = basis === "page" && outcome === "PASSED" && doubtful;
  const answer = say(byPage ? "checks.by_page" : `outcome.${outcome}`);
  return element(
    "li",
    { class: `check ${byPage ? "by-page" : outcome}` },
    markOf(byPage ? "by-page" : outcome),
    element(
      "div",
      {},
      element(
        "p",
        { class: "question" },
        say(`check.${check}`),
        " ",
        element("strong", { class: "answer" }, answer),
      ),
      element("p", { class: "sentence" }, say(sentenceOf(finding, basis, ofRecord))),
      asOf === null
        ? null
        : element(
            "p",
            { class: "dated" },
            ...phrase(ahead ? "checks.ahead" : "checks.as_of", {
              date: atSeconds(asOf),
            }),
          ),
    ),
  );
}
