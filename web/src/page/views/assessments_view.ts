/** The assessments as a table. The bars only draw what its cells say. */
import type { Assessment, Decimal, SharedRecord } from "../../statement/statement.ts";
import { type Child, drawing, element, shape } from "../element.ts";
import { quantity, share } from "../format.ts";
import { locale, say } from "../words.ts";
import { onDay } from "./dates.ts";
import { scored } from "./course_view.ts";
import { additionalList, choice, section, text } from "./rows.ts";
import { inPlace, withheld, withheldRows } from "./signed_parts.ts";

export function assessmentsPart(
  assessments: SharedRecord["assessments"],
  passing: Decimal | undefined,
): HTMLElement | null {
  if (assessments === undefined) return null;
  if ("withheld" in assessments) return section("assessments", withheld());
  const passLine = share(passing, 100);
  const drawn = assessments.some((each) => !("withheld" in each) && each.score !== undefined);
  return section(
    "assessments",
    element(
      "table",
      { class: "assessments" },
      element(
        "thead",
        {},
        element(
          "tr",
          {},
          element("th", { scope: "col" }, say("table.assessment")),
          element("th", { scope: "col" }, say("table.score")),
        ),
      ),
      element(
        "tbody",
        {},
        ...inPlace(
          assessments,
          (each) => assessmentRow(each, passLine),
          (count) => element("tr", {}, element("td", { colspan: 2 }, withheldRows(count))),
        ),
      ),
    ),
    passing === undefined || !drawn
      ? null
      : element(
          "p",
          { class: "legend" },
          say("table.pass_line", { percent: quantity(passing, locale(), "percent") }),
        ),
  );
}

function assessmentRow(assessment: Assessment, passLine: number | null): HTMLElement {
  const { title, kind, score, maximum, weight, submitted_on, attempts, late } = assessment;
  const facts: Child[] = [choice("assessment")(kind)];
  if (weight !== undefined) {
    facts.push(say("table.weight", { percent: quantity(weight, locale(), "percent") }));
  }
  if (submitted_on !== undefined) {
    facts.push(say("table.submitted_on", { date: onDay(submitted_on) }));
  }
  if (attempts !== undefined) facts.push(say("table.attempts", { count: `${attempts}` }));
  if (late) facts.push(say("table.late"));
  const part = share(score, maximum);
  const none = score === undefined && maximum === undefined;
  return element(
    "tr",
    {},
    element(
      "th",
      { scope: "row" },
      text(title),
      element("div", { class: "facts" }, ...facts.map((fact) => element("span", {}, fact))),
      additionalList(assessment.additional),
    ),
    element(
      "td",
      { class: "score" },
      element("span", {}, none ? say("table.no_score") : scored(score, maximum)),
      part === null ? null : bar(part, passLine),
    ),
  );
}

function bar(part: number, passLine: number | null): SVGElement {
  const rect = (name: string, width: number): SVGElement =>
    shape("rect", { class: name, width, height: 8 });
  const line =
    passLine === null
      ? []
      : [shape("rect", { class: "pass", x: Math.min(99, passLine * 100), width: 1, height: 8 })];
  const box = { class: "bar", viewBox: "0 0 100 8", preserveAspectRatio: "none" };
  return drawing(box, rect("track", 100), rect("reached", part * 100), ...line);
}
