/**
 * What stands where the issuer's documents have a QR code: who drew the sheet, and what the check
 * said. Without it, a picture of the sheet could be taken for the issuer's document.
 */
import { direction, type Language } from "../page/language.ts";
import type { Ordered } from "./messages.ts";
import { node, type Part, type Tree } from "./tree.ts";

const DRAWN: Readonly<Record<Language, string>> = {
  en: "Drawn by this page from what was signed, all of which stands below. This is not the issuer's own document.",
  es: "Dibujado por esta página a partir de lo que se firmó, que figura completo más abajo. No es el documento del emisor.",
  fr: "Dessiné par cette page d’après ce qui a été signé, qui figure en entier plus bas. Ce n’est pas le document de l’émetteur.",
  de: "Von dieser Seite gezeichnet nach dem, was signiert wurde; alles davon steht weiter unten. Dies ist nicht das Dokument des Ausstellers.",
  pt: "Desenhado por esta página a partir do que foi assinado, que consta por inteiro mais abaixo. Não é o documento do emissor.",
  zh: "本图由此页面根据已签名的内容绘制，全部内容见下文。这不是签发机构出具的文件。",
  hi: "यह चित्र इस पेज ने हस्ताक्षरित जानकारी से बनाया है, जो नीचे पूरी दी गई है। यह जारीकर्ता का अपना दस्तावेज़ नहीं है।",
  ar: "رسمت هذه الصفحة هذا النموذج مما جرى توقيعه، وهو مذكور كاملًا أدناه. وليس هو وثيقة الجهة المُصدِرة.",
};

/** In the language of the reader, whatever that of the certificate is. */
export function noticeOf({ language, status, says }: Ordered): Tree {
  const [headline, ...sentences] = says;
  return node(
    "div",
    { class: `notice-box ${status}`, lang: language, dir: direction(language) },
    node("p", "headline", headline),
    ...sentences.map((each) => node("p", "", each)),
    node("p", "", DRAWN[language]),
  );
}

/** More than the longest sheet has room for. Those below its end are cut off. */
const MARKS = 120;

function marks(headline: string): Tree[] {
  return Array.from({ length: MARKS }, () => node("span", "", headline));
}

/** Across the sheet, where the answer is not VALID: also whoever cuts the notice off shows it. */
export function bannerOf({ language, status, says: [headline] }: Ordered): Part[] {
  if (status === "VALID") return [];
  const of = { lang: language, dir: direction(language) };
  return [
    node("p", { class: `banner ${status}`, ...of }, headline),
    node("p", { class: `watermark ${status}`, ...of, "aria-hidden": "true" }, ...marks(headline)),
  ];
}
