/** A certificate as it is printed: across the paper, on a centred axis. */
import { say } from "../page/words.ts";
import type { Certificate, Signatory } from "../statement/statement.ts";
import {
  choice,
  courseRows,
  date,
  identityLine,
  list,
  print,
  resultLine,
  row,
  workload,
} from "./fields.ts";
import { finePrint, footRows, institutionLines, nameLines } from "./sheet_parts.ts";
import { node, own, type Part, type Tree } from "./tree.ts";

export function certificateSheet(certificate: Certificate, notice: Tree): Part[] {
  const { course, learner, awarded_title, awarding_body, signatories } = certificate;
  const { identity_checks: checks = [], limitations = [] } = certificate;
  const tookPart = awarded_title === "statement_of_participation";
  return [
    node(
      "div",
      "face",
      ...institutionLines(course, awarding_body),
      node(
        "p",
        "award",
        awarded_title === undefined ? print("certificate") : choice("kind")(awarded_title),
      ),
      node("p", "leading", print("certifies")),
      ...nameLines(learner),
      node("p", "leading", print(tookPart ? "participated" : "completed")),
      node("p", "course", own(course.title)),
      list("key-facts", [
        ...row("completed_on", certificate.completed_on, date),
        ...row("workload", course.workload, workload),
        ...row("result", certificate.result, resultLine),
      ]),
    ),
    node(
      "div",
      "foot",
      node(
        "div",
        "fine-print",
        finePrint("identity_checks", checks.map(identityLine)),
        finePrint("limitations", limitations.map(choice("limitation"))),
        list("entries", [...courseRows(course), ...footRows(certificate)]),
      ),
      signatories === undefined ? node("div", "") : signatoriesPart(signatories),
      notice,
    ),
  ];
}

function signatoriesPart(signatories: readonly Signatory[]): Tree {
  const line = (value: string | undefined): Part =>
    value === undefined ? null : node("p", "", own(value));
  const many = signatories.length > 6 ? " many" : "";
  return node(
    "div",
    `signed-for${many}`,
    node("p", "label", say("section.signatories")),
    node(
      "ul",
      "",
      ...signatories.map(({ name, title, organisation }) =>
        node("li", "", node("p", "signatory", own(name)), line(title), line(organisation)),
      ),
    ),
  );
}
