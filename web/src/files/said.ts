/**
 * What is said of documents once they were read. It stands here, in the language of whoever reads
 * it, because the reader is loaded only then, and the page's own words with every visit.
 */
import type { Language } from "../page/language.ts";

/** One sentence in each language of the page. */
export type Said = Readonly<Record<Language, string>>;

/** Where this reader looks in a PDF (docs/spec.md, section 8.6). */
export const LOOKED_AT: Said = {
  en: "In the PDF, the attached files and the links were looked at: not the QR code on its pages, its text, or a photo.",
  es: "En el PDF se miraron los archivos adjuntos y los enlaces: no el código QR de sus páginas, ni su texto, ni una foto.",
  fr: "Dans le PDF, les fichiers joints et les liens ont été examinés : ni le code QR de ses pages, ni son texte, ni une photo.",
  de: "Im PDF wurden die angehängten Dateien und die Links angesehen: nicht der QR-Code auf seinen Seiten, nicht sein Text und kein Foto.",
  pt: "No PDF, foram examinados os arquivos anexados e os links: não o código QR de suas páginas, nem seu texto, nem uma foto.",
  zh: "对于此 PDF，只查看了附件和链接，没有查看页面上的二维码、文字或照片。",
  hi: "इस PDF में संलग्न फ़ाइलें और लिंक देखे गए: उसके पन्नों का QR कोड, उसका पाठ या कोई फ़ोटो नहीं।",
  ar: "جرى فحص الملفات المرفقة والروابط في ملف PDF، ولم يُفحص رمز QR في صفحاته ولا نصه ولا أي صورة شخصية.",
};

export const ENCRYPTED: Said = {
  en: "This PDF is encrypted, so what it holds cannot be read here. Save it without encryption, or scan its QR code.",
  es: "Este PDF está cifrado, así que no se puede leer aquí lo que contiene. Guárdelo sin cifrar o escanee su código QR.",
  fr: "Ce PDF est chiffré : son contenu ne peut pas être lu ici. Enregistrez-le sans chiffrement, ou scannez son code QR.",
  de: "Dieses PDF ist verschlüsselt. Was darin steht, lässt sich hier nicht lesen. Speichern Sie es unverschlüsselt, oder scannen Sie den QR-Code.",
  pt: "Este PDF está criptografado e não é possível ler aqui o que ele contém. Salve-o sem criptografia ou leia o código QR.",
  zh: "此 PDF 已加密，无法在此读取其内容。请另存为未加密的文件，或扫描其二维码。",
  hi: "यह PDF एन्क्रिप्टेड है, इसलिए इसमें क्या है, यहाँ पढ़ा नहीं जा सकता। इसे बिना एन्क्रिप्शन के सहेजें, या इसका QR कोड स्कैन करें।",
  ar: "ملف PDF هذا مشفّر، لذا تتعذّر قراءة محتواه هنا. احفظه دون تشفير، أو امسح رمز QR الخاص به.",
};

/** One of them may be damaged, or stand where it cannot be read. */
export const DIFFERENT: Said = {
  en: "Not valid: this file holds different certificates, or one beside another that cannot be read. Do not rely on it.",
  es: "No válido: este archivo contiene certificados distintos, o uno junto a otro que no se puede leer. No se fíe de él.",
  fr: "Non valide : ce fichier contient des certificats différents, ou un certificat à côté d’un autre qui est illisible. Ne vous y fiez pas.",
  de: "Nicht gültig: In dieser Datei sind verschiedene Zertifikate, oder eines neben einem anderen, das sich nicht lesen lässt. Verlassen Sie sich nicht darauf.",
  pt: "Não válido: este arquivo contém certificados diferentes, ou um ao lado de outro que não pode ser lido. Não confie nele.",
  zh: "无效：此文件包含不同的证书，或者除一份证书外还有另一份无法读取的证书。请勿采信。",
  hi: "मान्य नहीं: इस फ़ाइल में अलग-अलग प्रमाणपत्र हैं, या एक के साथ ऐसा दूसरा जो पढ़ा नहीं जा सकता। इस पर भरोसा न करें।",
  ar: "غير صالح: يحتوي هذا الملف على شهادات مختلفة، أو على شهادة إلى جانب أخرى تتعذّر قراءتها. لا تعتمد عليه.",
};
