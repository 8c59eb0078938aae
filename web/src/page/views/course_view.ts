/** The course as its institution described it on the day of signing. */
import type { Course, Credits, Module, Result, Workload } from "../../statement/statement.ts";
import { type Child, element, isolated } from "../element.ts";
import { quantity, range } from "../format.ts";
import { locale, named, phrase, say } from "../words.ts";
import {
  additional,
  additionalList,
  choice,
  list,
  languageOf,
  paragraphs,
  type Row,
  row,
  section,
  text,
  url,
  yes,
} from "./rows.ts";

export function courseView(course: Course): (HTMLElement | null)[] {
  return [
    section(
      "course",
      list(
        row("title", course.title, text),
        row("institution", course.institution, text),
        row("partner_institutions", course.partner_institutions, lines),
        row("code", course.code, text),
        row("description", course.description, paragraphs),
        row("workload", course.workload, workload),
        row("level", course.level, choice("level")),
        row("language", course.language, languageOf),
        row("delivery", course.delivery, choice("delivery")),
        row("credits", course.credits, credits),
        row("url", course.url, url),
        additional(course.additional),
        additional(course.workload?.additional),
        additional(course.credits?.additional),
      ),
    ),
    course.syllabus === undefined
      ? null
      : section(
          "syllabus",
          element("ol", { class: "syllabus" }, ...course.syllabus.map(moduleView)),
        ),
  ];
}

export function lines(values: readonly string[]): Child {
  return element("ul", { class: "lines" }, ...values.map((each) => element("li", {}, text(each))));
}

function workload({ weeks, hours_per_week, total_hours }: Workload): Child {
  const said: string[] = [];
  if (weeks !== undefined) said.push(quantity(weeks, locale(), "week"));
  if (hours_per_week !== undefined) {
    const hours = range(...hours_per_week, locale(), "hour");
    said.push(say("value.per_week", { hours }));
  }
  if (total_hours !== undefined) {
    said.push(say("value.in_all", { hours: quantity(total_hours, locale(), "hour") }));
  }
  return element("ul", { class: "lines" }, ...said.map((each) => element("li", {}, each)));
}

function credits({ amount, system }: Credits): Child {
  const known = named("credit_system", system);
  return phrase("value.credits", { amount: quantity(amount, locale()), system: known ?? system });
}

function moduleView(module: Module): HTMLElement {
  return element(
    "li",
    {},
    element(
      "p",
      { class: "module" },
      isolated(module.title),
      module.hours === undefined
        ? null
        : element("span", { class: "hours" }, quantity(module.hours, locale(), "hour")),
    ),
    module.topics === undefined ? null : lines(module.topics),
    additionalList(module.additional),
  );
}

/** Rows of a result: of a certificate as a whole, or of a record's final score. */
export function resultRows(field: "result" | "final_score", result: Result): Row[] {
  const { score, maximum, grade, with_distinction } = result;
  return [
    ...(score === undefined && maximum === undefined
      ? []
      : row(field, result, () => scored(score, maximum))),
    ...row("grade", grade, text),
    ...row("with_distinction", with_distinction, yes),
    ...additional(result.additional),
  ];
}

/** Points of a maximum, or a percentage where there is none (section 6.2, Result). */
export function scored(score: Result["score"], maximum: Result["maximum"]): Child {
  if (maximum === undefined && score !== undefined) return quantity(score, locale(), "percent");
  return say("value.score_of", {
    score: score === undefined ? "–" : quantity(score, locale()),
    maximum: maximum === undefined ? "–" : quantity(maximum, locale()),
  });
}
