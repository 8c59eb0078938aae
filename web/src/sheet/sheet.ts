/**
 * The sheet worker: draws the certificate that was signed as one on paper, to be held beside the
 * one that somebody was given. Few readers ask for it, so that it is not part of the page.
 */
import ar from "../../../src/signedcert/documents/languages/ar.json";
import de from "../../../src/signedcert/documents/languages/de.json";
import en from "../../../src/signedcert/documents/languages/en.json";
import es from "../../../src/signedcert/documents/languages/es.json";
import fr from "../../../src/signedcert/documents/languages/fr.json";
import hi from "../../../src/signedcert/documents/languages/hi.json";
import pt from "../../../src/signedcert/documents/languages/pt.json";
import zh from "../../../src/signedcert/documents/languages/zh.json";
import { barStyle } from "./assessments_table.ts";
import { sheetOf } from "./drawing.ts";
import type { Drawn, Ordered } from "./messages.ts";

/** What this worker uses of its global scope. */
declare const self: {
  onmessage: ((event: MessageEvent<Ordered>) => void) | null;
  postMessage(drawn: Drawn): void;
};

/** sheet.css, which the build puts in. */
declare const SHEET_STYLE: string;

const catalogues = { ar, de, en, es, fr, hi, pt, zh };

self.onmessage = ({ data }) => {
  self.postMessage({ style: SHEET_STYLE + barStyle(), tree: sheetOf(data, catalogues) });
};
