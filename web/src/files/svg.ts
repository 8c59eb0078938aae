/**
 * As much of XML as is needed to find the metadata of an SVG: a worker has no parser of it. What is
 * not understood is refused, so that nothing in there is passed over.
 */

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** Null: an entity that the file would have to declare, or no character. */
function resolved(text: string): string | null {
  let failed = false;
  const plain = text.replace(/&([^;&]{0,12};?)/g, (_, name: string) => {
    const [, hexadecimal, decimal] = /^#(?:x([0-9A-Fa-f]+)|([0-9]+));$/.exec(name) ?? [];
    const code = hexadecimal ? Number.parseInt(hexadecimal, 16) : Number(decimal ?? Number.NaN);
    const known = code <= 0x10ffff ? String.fromCodePoint(code) : entity(name);
    failed ||= known === undefined;
    return known ?? "";
  });
  return failed ? null : plain;
}

function entity(name: string): string | undefined {
  const plain = name.slice(0, -1);
  return name.endsWith(";") && Object.hasOwn(ENTITIES, plain) ? ENTITIES[plain] : undefined;
}

/** Where a tag ends whose name ends at `at`: quoted values may hold a `>`. Negative: nowhere. */
function endOfTag(xml: string, at: number): number {
  const mark = /["'>]/g;
  for (let from = at; ;) {
    mark.lastIndex = from;
    const found = mark.exec(xml);
    if (found === null || found[0] === ">") return found?.index ?? -1;
    const closing = xml.indexOf(found[0], found.index + 1);
    if (closing < 0) return -1;
    from = closing + 1;
  }
}

/** What is passed over, or is text as it stands: how it begins, and how it ends. */
const SECTIONS = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
] as const;

/**
 * The words in elements called `metadata`, of whatever prefix, and in what stands within them. Null:
 * it is damaged, or declares entities of its own. Takes time in proportion to its length.
 */
export function metadataWords(xml: string): string[] | null {
  let words = "";
  /** How many elements are open, the outermost `metadata` being the first. */
  let within = 0;
  for (let at = 0; at < xml.length;) {
    if (xml[at] !== "<") {
      const tag = xml.indexOf("<", at);
      const end = tag < 0 ? xml.length : tag;
      const text = within > 0 ? resolved(xml.slice(at, end)) : "";
      if (text === null) return null;
      words += text;
      at = end;
      continue;
    }
    const section = SECTIONS.find(([start]) => xml.startsWith(start, at));
    if (section !== undefined) {
      const [start, closing] = section;
      const end = xml.indexOf(closing, at + start.length);
      if (end < 0) return null;
      if (within > 0 && closing === "]]>") words += xml.slice(at + start.length, end);
      at = end + closing.length;
      continue;
    }
    const end = endOfTag(xml, at);
    if (end < 0) return null;
    const tag = xml.slice(at, Math.min(end, at + 200));
    const isDeclaration = tag.startsWith("<!");
    if (isDeclaration && xml.slice(at, end).includes("[")) return null;
    const closes = tag.startsWith("</");
    const isEmpty = xml[end - 1] === "/";
    if (within > 0) words += " ";
    if (within > 0 && closes) within -= 1;
    else if (!closes && !isEmpty && !isDeclaration) {
      if (within > 0 || /^<(?:[^\s/>:]+:)?metadata(?:[\s/]|$)/.test(tag)) within += 1;
    }
    at = end + 1;
  }
  return words.split(/\s+/).filter((word) => word !== "");
}
