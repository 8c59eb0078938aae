/** The assessments of a course record, as a table. The bars only draw what its cells say. */
import { share } from "../page/format.ts";
import { inPlace } from "../page/views/signed_parts.ts";
import { say } from "../page/words.ts";
import type { Assessment, Decimal, SharedRecord } from "../statement/statement.ts";
import { choice, date, inLine, percent, scored, withheld, withheldRows } from "./fields.ts";
import { node, own, type Tree } from "./tree.ts";

export function assessmentsPart(
  assessments: NonNullable<SharedRecord["assessments"]>,
  passing: Decimal | undefined,
): Tree {
  const label = node("p", "label", say("section.assessments"));
  if ("withheld" in assessments) return node("div", "assessments", label, withheld());
  const line = share(passing, 100);
  const drawn = assessments.some((each) => !("withheld" in each) && each.score !== undefined);
  const head = (name: "assessment" | "score"): Tree =>
    node("th", { scope: "col" }, say(`table.${name}`));
  return node(
    "div",
    "assessments",
    node(
      "table",
      "",
      node("thead", "", node("tr", "", head("assessment"), head("score"))),
      node(
        "tbody",
        "",
        ...inPlace(
          assessments,
          (each) => assessmentRow(each, line),
          (count) => node("tr", "", node("td", { colspan: "2" }, withheldRows(count))),
        ),
      ),
    ),
    passing === undefined || !drawn
      ? null
      : node("p", "gauge-legend", say("table.pass_line", { percent: percent(passing) })),
  );
}

function assessmentRow(assessment: Assessment, line: number | null): Tree {
  const { title, kind, score, maximum, weight, submitted_on, attempts, late } = assessment;
  const facts: Tree[] = [choice("assessment")(kind)];
  if (weight !== undefined) facts.push(say("table.weight", { percent: percent(weight) }));
  if (submitted_on !== undefined) {
    facts.push(say("table.submitted_on", { date: date(submitted_on) }));
  }
  if (attempts !== undefined) facts.push(say("table.attempts", { count: `${attempts}` }));
  if (late) facts.push(say("table.late"));
  const none = score === undefined && maximum === undefined;
  const part = share(score, maximum);
  return node(
    "tr",
    "",
    node("th", { scope: "row" }, own(title), " ", inLine(facts)),
    node(
      "td",
      "",
      none ? say("table.no_score") : scored(score, maximum),
      part === null ? null : bar(part, line),
    ),
  );
}

/** The policy of the page has no style attributes: a bar has a class for how far it reaches. */
const STEPS = 50;

function bar(part: number, line: number | null): Tree {
  const step = (share: number): number => Math.round(share * STEPS);
  const marks = line === null ? [] : [node("span", `pass at-${step(line)}`)];
  return node(
    "span",
    { class: "gauge", "aria-hidden": "true" },
    node("span", `reached at-${step(part)}`),
    ...marks,
  );
}

/** How far along a bar each step is. */
export function barStyle(): string {
  const rule = (at: number): string => `.sheet .at-${at}{--at:${(at / STEPS) * 100}%}`;
  return Array.from({ length: STEPS + 1 }, (_, at) => rule(at)).join("");
}
