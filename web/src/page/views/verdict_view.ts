/** The answer: what it is, what it comes from, and what to do. */
import { datesInDoubt } from "../clock.ts";
import { button, type Child, element, isolated } from "../element.ts";
import { type Diagnosis, diagnose } from "../fragment.ts";
import { type Headline, headlineOf, sentenceOf } from "../headline.ts";
import { type Key, language, named, phrase, say } from "../words.ts";
import { onOwnSite, type Result } from "./context.ts";
import { atSeconds, onDay } from "./dates.ts";
import { sealOf } from "./seal.ts";

export function verdictHeadline(result: Result): Headline {
  const { verdict, policy } = result.checked;
  return headlineOf(verdict, policy.basis, onOwnSite(result));
}

/** The headline as plain text, for whoever hears it. */
export function spokenVerdict(result: Result): string {
  return say(`headline.${verdictHeadline(result).words}`, { host: result.site });
}

export function verdictView(result: Result): HTMLElement {
  const head = verdictHeadline(result);
  const { site: host } = result;
  const { asOf, statement, status } = result.checked.verdict;
  const { said } = result.checked.subject;
  return element(
    "section",
    { class: `card verdict tone-${head.tone}`, "aria-labelledby": "verdict" },
    element(
      "div",
      { class: "answer-line" },
      sealOf(head.tone),
      element("h1", { id: "verdict", tabindex: -1 }, ...phrase(`headline.${head.words}`, { host })),
      lead(head, result),
    ),
    summary(result),
    clockNotice(result),
    advice(head, result),
    status === "VALID" ? element("p", { class: "small" }, say("lead.not_proved")) : null,
    statement === null ? element("p", { class: "small" }, say("lead.not_shown")) : null,
    said === undefined ? null : element("p", { class: "small" }, said[language()]),
    asOf === null
      ? null
      : element("p", { class: "small" }, ...phrase("lead.as_of", { date: atSeconds(asOf) })),
  );
}

function lead(head: Headline, result: Result): HTMLElement {
  const { words, decisive } = head;
  if (words === "valid_file" || words === "valid_page" || words === "valid_foreign") {
    const values = { host: result.site, issuer: result.issuer ?? "" };
    return element("p", { class: "lead" }, ...phrase(`lead.${words}`, values));
  }
  const { verdict, policy } = result.checked;
  const sentence: Key =
    decisive === null
      ? "reason.not_reached"
      : sentenceOf(decisive, policy.basis, verdict.findings.length > 8);
  return element("p", { class: "lead" }, say(sentence));
}

/** Longer ones are not written large. */
const LONG_NAME = 50;

/** What it calls itself, if it does. A kind that was not signed is not made up. */
function awarded(title: string | undefined): Child {
  return title === undefined ? null : (named("kind", title) ?? isolated(title));
}

/** Whom and what it is about, where it is valid. Everything that was signed stands further down. */
function summary({ checked }: Result): HTMLElement | null {
  const { status, statement } = checked.verdict;
  if (status !== "VALID" || statement === null) return null;
  const isRecord = statement.kind === "record";
  const { course, learner } = isRecord ? statement.record : statement.certificate;
  const completed = isRecord ? undefined : statement.certificate.completed_on;
  const kind = isRecord ? say("document.record") : awarded(statement.certificate.awarded_title);
  const shown = learner === undefined || "withheld" in learner ? null : learner.name;
  const name = shown === null ? element("em", {}, say("document.withheld")) : isolated(shown);
  const size = shown !== null && shown.length > LONG_NAME ? "learner long" : "learner";
  return element(
    "div",
    { class: "summary" },
    kind === null ? null : element("p", { class: "eyebrow" }, kind),
    isRecord && learner === undefined ? null : element("p", { class: size }, name),
    element("p", { class: "course", dir: "auto" }, course.title),
    element("p", { class: "institution", dir: "auto" }, course.institution),
    completed === undefined ? null : element("p", { class: "completed" }, onDay(completed)),
  );
}

function clockNotice({ checked }: Result): HTMLElement | null {
  const fetched = checked.refreshed.source === "network" && checked.listProblems.size === 0;
  const now = Math.floor(checked.checkedAt / 1000);
  const doubtful = datesInDoubt(checked.verdict, now, fetched);
  if (doubtful === null) return null;
  const date = atSeconds(doubtful);
  return element(
    "p",
    { class: "notice warning" },
    ...phrase("diagnosis.clock", { now: atSeconds(now), date }),
  );
}

/** What was done to a link that could be undone by guessing. */
const CHANGED: readonly Diagnosis[] = ["percent_encoded", "case_changed", "added"];

/** What somebody with this answer can do. */
function advice(head: Headline, result: Result): HTMLElement | null {
  const { checked, actions, keeper } = result;
  const { subject, sealed, policy } = checked;
  const says: Child[] = [];
  const buttons: HTMLElement[] = [];
  const offer = (key: Key, act: () => void): void => {
    buttons.push(button(say(key), act));
  };
  if (sealed !== null) {
    says.push(say(sealed === "missing" ? "diagnosis.sealed_missing" : "diagnosis.sealed_offline"));
    offer("diagnosis.choose_sealed", () => actions.chooseFile());
    if (sealed === "offline") offer("diagnosis.again", () => actions.again());
  } else if (head.words === "undecided_newer") {
    says.push(say("lead.newer_page"));
  } else if (head.words === "undecided_key") {
    const byFile = policy.basis === "file";
    says.push(say(byFile ? "diagnosis.not_in_file" : "diagnosis.not_on_page"));
    if (byFile) offer("diagnosis.page_keys", () => actions.checkBy("page"));
    else if (keeper.file === null) offer("page.trust", () => actions.openSettings());
  } else if (subject.kind === "text" && head.decisive?.check === "FORMAT") {
    const diagnosis: Diagnosis | null = diagnose(subject.text, head.decisive.reason);
    if (diagnosis !== null) says.push(say(`diagnosis.${diagnosis}`));
    if (diagnosis !== null && CHANGED.includes(diagnosis)) says.push(say("diagnosis.not_repaired"));
  }
  if (checked.refreshed.problem === "offline" && head.tone === "undecided" && sealed === null) {
    offer("diagnosis.again", () => actions.again());
  }
  if (says.length + buttons.length === 0) return null;
  return element(
    "div",
    { class: "notice advice" },
    element("h2", {}, say("diagnosis.title")),
    ...says.map((text) => element("p", {}, text)),
    buttons.length === 0 ? null : element("div", { class: "buttons" }, ...buttons),
  );
}
