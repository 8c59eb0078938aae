/** The question before a trust file counts, and what it cannot be read without. */
import { fromHex } from "../../crypto/digest.ts";
import { isIssuer } from "../../statement/documents.ts";
import { button, type Child, element } from "../element.ts";
import { phrase, say } from "../words.ts";

export type Needs = "operator key" | "issuer" | null;

export interface ImportChoices {
  accept(operator: Uint8Array | undefined, issuer: string | undefined): void;
  cancel(): void;
  /** What was typed cannot be it. */
  refuse(message: string): void;
}

export function importForm(name: string, needs: Needs, choices: ImportChoices): Child[] {
  const asked = needs === "issuer" ? "issuer" : "operator";
  const input = element("input", {
    id: "import-needs",
    type: "text",
    dir: "ltr",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    required: true,
    "aria-describedby": "import-hint",
  });
  const submit = (event: Event): void => {
    event.preventDefault();
    const typed = input.value.trim().toLowerCase();
    if (needs === null) return choices.accept(undefined, undefined);
    if (needs === "issuer") {
      const issuer = typed.replace(/^https:\/\//, "").replace(/\/$/, "");
      if (isIssuer(issuer)) return choices.accept(undefined, issuer);
      return choices.refuse(say("settings.issuer_hint"));
    }
    if (!/^[0-9a-f]{64}$/.test(typed)) return choices.refuse(say("settings.operator_wrong"));
    choices.accept(fromHex(typed), undefined);
  };
  return [
    element(
      "form",
      { class: "field", submit },
      element("p", { class: "notice" }, ...phrase("settings.confirm", { name })),
      needs === null
        ? null
        : [
            element("label", { for: "import-needs" }, say(`settings.${asked}_label`)),
            element("p", { class: "hint", id: "import-hint" }, say(`settings.${asked}_hint`)),
            input,
          ],
      element(
        "div",
        { class: "buttons" },
        element("button", { class: "primary" }, say("settings.import")),
        button(say("settings.cancel"), () => choices.cancel()),
      ),
    ),
  ];
}
