/** A course record as the learner shows it: what is withheld is said to be. */
import type { Component, CourseFormat, SharedRecord } from "../../statement/statement.ts";
import { type Child, element } from "../element.ts";
import { quantity } from "../format.ts";
import { locale, say } from "../words.ts";
import { assessmentsPart } from "./assessments_view.ts";
import { courseView, resultRows } from "./course_view.ts";
import {
  additional,
  choice,
  code,
  date,
  list,
  type Row,
  row,
  section,
  text,
  time,
} from "./rows.ts";
import { detailsPart, identityPart, learnerPart, withheld } from "./signed_parts.ts";

export function recordParts(record: SharedRecord): (HTMLElement | null)[] {
  const { learner, course_format } = record;
  return [
    sharePart(record),
    learner === undefined ? null : learnerPart(learner),
    section(
      "award",
      list(
        finalScoreRows(record),
        row("started_on", record.started_on, date),
        row("ended_on", record.ended_on, date),
      ),
    ),
    assessmentsPart(record.assessments, course_format?.passing_score),
    identityPart(record.identity_checks),
    unnamed(record),
    course_format === undefined ? null : formatPart(course_format),
    ...courseView(record.course),
    detailsPart(record),
  ];
}

/** Where each field is shown, what is withheld besides is none that this version knows. */
function unnamed(record: SharedRecord): HTMLElement | null {
  const fields = [record.learner, record.final_score, record.assessments, record.identity_checks];
  const named = fields.some((field) => field !== undefined && "withheld" in field);
  if (!record.withholds_entries || named) return null;
  return element("p", { class: "notice withheld" }, say("document.withheld_unnamed"));
}

function finalScoreRows({ final_score }: SharedRecord): Row[] {
  if (final_score === undefined) return [];
  if ("withheld" in final_score) return row("final_score", final_score, () => withheld());
  return resultRows("final_score", final_score);
}

function sharePart({ share }: SharedRecord): HTMLElement | null {
  if (share === undefined) return null;
  return section(
    "share",
    list(
      row("audience", share.audience, text),
      row("shared_at", share.issued_at, time),
      row("link_ends", share.expires_at, time),
      row("share_id", share.id, code),
      row("slot", share.slot, (slot) => `${slot}`),
      additional(share.additional),
      additional(share.additional_claims),
    ),
  );
}

function formatPart(format: CourseFormat): HTMLElement | null {
  return section(
    "format",
    list(
      row("components", format.components, (components) =>
        element("ul", { class: "lines" }, ...components.map(componentView)),
      ),
      row("passing_score", format.passing_score, (score) => quantity(score, locale(), "percent")),
      row("passing_rule", format.passing_rule, text),
      additional(format.additional),
    ),
  );
}

function componentView(component: Component): HTMLElement {
  const { kind, count, weight } = component;
  const facts: Child[] = [];
  if (count !== undefined) facts.push(say("table.count", { count: `${count}` }));
  if (weight !== undefined) {
    facts.push(say("table.weight", { percent: quantity(weight, locale(), "percent") }));
  }
  return element(
    "li",
    {},
    choice("assessment")(kind),
    ...facts.map((fact) => element("span", { class: "fact" }, fact)),
    list(additional(component.additional)),
  );
}
