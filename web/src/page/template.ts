/** Sentences with places for values: `Prepared for {audience}.` */
export interface Values {
  readonly [name: string]: string;
}

/** A piece of a sentence: the sentence's own words, or a value put into it. */
export type Piece = { readonly own: string } | { readonly value: string };

/** The pieces in order. A place without a value stays as it is written. */
export function pieces(template: string, values: Values): Piece[] {
  const result: Piece[] = [];
  let end = 0;
  for (const found of template.matchAll(/\{(\w+)\}/g)) {
    const name = found[1] ?? "";
    if (!Object.hasOwn(values, name)) continue;
    if (found.index > end) result.push({ own: template.slice(end, found.index) });
    result.push({ value: values[name] ?? "" });
    end = found.index + found[0].length;
  }
  if (end < template.length) result.push({ own: template.slice(end) });
  return result;
}

/** The whole as plain text, each value isolated in its direction (U+2068 … U+2069). */
export function filled(template: string, values: Values): string {
  return pieces(template, values)
    .map((piece) => ("own" in piece ? piece.own : `\u2068${piece.value}\u2069`))
    .join("");
}
