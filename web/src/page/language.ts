/** In which language the page speaks. Only the words of that one are fetched. */
import type shared from "../../../src/signedcert/documents/languages/en.json";
import type own from "./languages/en.json";

/** All languages have the words of the English one, and no others. The build puts them together. */
export type English = typeof own & Omit<typeof shared, "print" | "share_kit">;

/** The languages by their own names, in the order of the switch. */
export const LANGUAGES = {
  en: "English",
  es: "Español",
  fr: "Français",
  de: "Deutsch",
  pt: "Português",
  zh: "中文",
  hi: "हिन्दी",
  ar: "العربية",
} as const;

export type Language = keyof typeof LANGUAGES;

const REMEMBERED = "signedcert.language";

/** The verdict does not wait longer than this for its words. */
const PATIENCE_MS = 4000;

export function isLanguage(tag: string): tag is Language {
  return Object.hasOwn(LANGUAGES, tag);
}

/** The first that the page speaks, of what the reader prefers. English where there is none. */
export function preferred(tags: readonly string[]): Language {
  for (const tag of tags) {
    const base = tag.toLowerCase().split("-")[0] ?? "";
    if (isLanguage(base)) return base;
  }
  return "en";
}

/** The reader's own variant of the language, such as en-GB, for dates and numbers. */
export function variant(language: Language, tags: readonly string[]): string {
  return tags.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

export function direction(language: Language): "ltr" | "rtl" {
  return language === "ar" ? "rtl" : "ltr";
}

export function rememberedLanguage(): Language | null {
  try {
    const kept = localStorage.getItem(REMEMBERED);
    return kept !== null && isLanguage(kept) ? kept : null;
  } catch {
    return null; // storage is disabled
  }
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(REMEMBERED, language);
  } catch {
    // storage is disabled: the choice holds until the page is closed
  }
}

/** The words of a language; null where they cannot be fetched. */
export async function fetchWords(language: Language, page: URL): Promise<unknown> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(new URL(`languages/${language}.json`, page), { signal });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
