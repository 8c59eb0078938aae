/** A certificate's fields. */
import type { Certificate, Organisation, Signatory, Skill } from "../../statement/statement.ts";
import { element } from "../element.ts";
import { courseView, resultRows } from "./course_view.ts";
import {
  additional,
  additionalList,
  choice,
  date,
  list,
  type Row,
  row,
  section,
  text,
  url,
} from "./rows.ts";
import { detailsPart, identityPart, learnerPart } from "./signed_parts.ts";

export function certificateParts(certificate: Certificate): (HTMLElement | null)[] {
  const { skills, signatories, identity_checks, limitations, result } = certificate;
  return [
    learnerPart(certificate.learner),
    section(
      "award",
      list(
        row("awarded_title", certificate.awarded_title, choice("kind")),
        row("completed_on", certificate.completed_on, date),
        result === undefined ? [] : resultRows("result", result),
        organisationRows(certificate.awarding_body),
      ),
    ),
    ...courseView(certificate.course),
    skills === undefined
      ? null
      : section("skills", element("ul", { class: "chips" }, ...skills.map(skillView))),
    signatories === undefined
      ? null
      : section(
          "signatories",
          element("ul", { class: "people" }, ...signatories.map(signatoryView)),
        ),
    identityPart(identity_checks),
    limitations === undefined
      ? null
      : section(
          "limitations",
          element(
            "ul",
            { class: "lines" },
            ...limitations.map((each) => element("li", {}, choice("limitation")(each))),
          ),
        ),
    detailsPart(certificate),
  ];
}

function organisationRows(body: Organisation | undefined): Row[] {
  return [
    ...row("awarding_body", body?.name, text),
    ...row("home_page", body?.url, url),
    ...additional(body?.additional),
  ];
}

function skillView(skill: string | Skill): HTMLElement {
  if (typeof skill === "string") return element("li", {}, text(skill));
  return element(
    "li",
    {},
    text(skill.name),
    element("p", { class: "source" }, url(skill.url)),
    additionalList(skill.additional),
  );
}

function signatoryView(signatory: Signatory): HTMLElement {
  const line = (value: string | undefined) =>
    value === undefined ? null : element("p", { class: "role" }, text(value));
  return element(
    "li",
    {},
    element("p", { class: "person" }, text(signatory.name)),
    line(signatory.title),
    line(signatory.organisation),
    additionalList(signatory.additional),
  );
}
