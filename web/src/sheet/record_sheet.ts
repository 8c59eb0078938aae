/** A course record as it is printed: a transcript along the paper, with what is withheld in place. */
import { inPlace } from "../page/views/signed_parts.ts";
import { say } from "../page/words.ts";
import type {
  Component,
  CourseFormat,
  IdentityCheck,
  SharedRecord,
} from "../statement/statement.ts";
import { assessmentsPart } from "./assessments_table.ts";
import {
  choice,
  courseRows,
  date,
  identityLine,
  list,
  percent,
  print,
  type Row,
  resultLine,
  row,
  sentence,
  withheld,
  withheldRows,
  workload,
} from "./fields.ts";
import { finePrint, footRows, institutionLines, nameLines } from "./sheet_parts.ts";
import { node, own, type Part, type Tree } from "./tree.ts";

export function recordSheet(record: SharedRecord, notice: Tree): Part[] {
  const { course, learner, course_format: format, assessments, share: link } = record;
  return [
    node(
      "div",
      "face",
      ...institutionLines(course),
      node("p", "award", say("document.record")),
      ...(learner === undefined
        ? []
        : "withheld" in learner
          ? [node("p", "name kept-back", say("document.withheld"))]
          : nameLines(learner)),
      node("p", "course", own(course.title)),
      list("key-facts", [
        ...periodRow(record),
        ...row("workload", course.workload, workload),
        ...finalScore(record.final_score),
        ...row("passing_score", format?.passing_score, percent),
      ]),
    ),
    node(
      "div",
      "body",
      assessments === undefined ? null : assessmentsPart(assessments, format?.passing_score),
      unnamed(record),
      format === undefined ? null : formatPart(format),
    ),
    node(
      "div",
      "foot",
      node(
        "div",
        "fine-print",
        finePrint("identity_checks", identityLines(record.identity_checks ?? [])),
        list("entries", [
          ...courseRows(course),
          ...row("audience", link?.audience, own),
          ...row("shared_at", link?.issued_at, date),
          ...row("link_ends", link?.expires_at, date),
          ...footRows(record),
        ]),
      ),
      notice,
    ),
  ];
}

function periodRow({ started_on, ended_on }: SharedRecord): Row[] {
  const [from, to] = [started_on, ended_on].map((day) => (day === undefined ? null : date(day)));
  if (from && to) return [[print("period"), sentence("period_between", { from, to })]];
  if (from) return [[print("period"), sentence("period_from", { date: from })]];
  return to ? [[print("period"), sentence("period_to", { date: to })]] : [];
}

function finalScore(score: SharedRecord["final_score"]): Row[] {
  return row("final_score", score, (shown) =>
    "withheld" in shown ? withheld() : resultLine(shown),
  );
}

function identityLines(checks: NonNullable<SharedRecord["identity_checks"]>): Tree[] {
  return "withheld" in checks
    ? [withheld()]
    : inPlace<IdentityCheck, Tree>(checks, identityLine, withheldRows);
}

/** Something is withheld for which this version has no name. */
function unnamed(record: SharedRecord): Part {
  const fields = [record.learner, record.final_score, record.assessments, record.identity_checks];
  const named = fields.some((field) => field !== undefined && "withheld" in field);
  if (!record.withholds_entries || named) return null;
  return node("p", "kept-back", say("document.withheld_unnamed"));
}

function formatPart({ components, passing_rule }: CourseFormat): Tree {
  return node(
    "div",
    "format",
    node("p", "label", say("section.format")),
    components === undefined
      ? null
      : node("ul", "", ...components.map((each) => node("li", "", componentLine(each)))),
    passing_rule === undefined ? null : node("p", "", own(passing_rule)),
  );
}

function componentLine({ kind, count, weight }: Component): Tree {
  let component = choice("assessment")(kind);
  if (count !== undefined) component = sentence("times", { count: `${count}`, kind: component });
  if (weight === undefined) return component;
  return sentence("component_weight", { component, percent: percent(weight) });
}
