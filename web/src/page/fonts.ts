/** Fonts are looked up when they are first laid out, which takes longer than all that follows. */
import { element } from "./element.ts";

/** One of each face that an answer is set in. */
const FACES = [
  "400 1em var(--serif)",
  "600 1em var(--serif)",
  "400 1em var(--sans)",
  "650 1em var(--sans)",
  "400 1em var(--mono)",
];

/** Has the browser look up what an answer is set in, before there is one. */
export function prepareFonts(): void {
  const texts = FACES.map((font) => {
    const text = element("span", {}, "Aa");
    text.style.font = font;
    return text;
  });
  const set = element("div", { class: "unseen", "aria-hidden": "true" }, ...texts);
  document.body.append(set);
  set.getBoundingClientRect();
  set.remove();
}
