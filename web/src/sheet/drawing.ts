/** The whole sheet, in the language of what was signed. */
import { direction, isLanguage, type Language } from "../page/language.ts";
import { speak } from "../page/words.ts";
import { fitOf } from "./fit.ts";
import type { Catalogue } from "./catalogue.ts";
import { certificateSheet } from "./certificate_sheet.ts";
import type { Ordered } from "./messages.ts";
import { bannerOf, noticeOf } from "./notice.ts";
import { recordSheet } from "./record_sheet.ts";
import { node, type Tree } from "./tree.ts";

export type Catalogues = Readonly<Record<Language, Catalogue>>;

/** The language of documents of this tag: as on paper, English where there are no words of it. */
export function spoken(tag: string | undefined): Language {
  const base = tag?.toLowerCase().split("-")[0] ?? "";
  return isLanguage(base) ? base : "en";
}

/** How that language, or a country's variant of it, writes dates and quantities: as on paper. */
function localeOf(tag: string | undefined, language: Language): string {
  const country = /^[a-z]+-([a-z]{2}|[0-9]{3})$/i.exec(tag ?? "")?.[1];
  if (country !== undefined && tag?.toLowerCase().startsWith(`${language}-`))
    return `${language}-${country}`;
  // English of no country has the day before the month, as most of its readers write it.
  return language === "en" ? "en-001" : language;
}

export function sheetOf(ordered: Ordered, catalogues: Catalogues): Tree {
  const { statement } = ordered;
  const isRecord = statement.kind === "record";
  const tag = isRecord ? statement.record.language : statement.certificate.language;
  const language = spoken(tag);
  speak(language, localeOf(tag, language), catalogues[language]);
  const notice = noticeOf(ordered);
  const parts = [
    ...bannerOf(ordered),
    ...(isRecord
      ? recordSheet(statement.record, notice)
      : certificateSheet(statement.certificate, notice)),
  ];
  // Records go on over as many pages as they need.
  const look = isRecord
    ? "paper record"
    : `paper certificate fit-${fitOf(node("div", "", ...parts))}`;
  return node("div", { class: look, lang: language, dir: direction(language) }, ...parts);
}
