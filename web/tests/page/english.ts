/** English as the page gets it. */
import shared from "../../../src/signedcert/documents/languages/en.json" with { type: "json" };
import type { English } from "../../src/page/language.ts";
import own from "../../src/page/languages/en.json" with { type: "json" };

const { print, share_kit, document, ...rest } = shared;

export const english: English = {
  ...own,
  ...rest,
  document: { ...own.document, ...document },
};
