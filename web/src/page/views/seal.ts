/** Seals and marks: for each answer a shape of its own, so that none depends on colour. */
import type { Outcome } from "../../verdict.ts";
import { drawing, shape } from "../element.ts";
import type { Tone } from "../headline.ts";

const TICK = "M-15 1 -5 11 15 -11";
const CROSS = "M-11 -11 11 11M11 -11 -11 11";
const QUESTION = "M-8 -9a9 9 0 1 1 12 9q-4 2-4 7M0 16v1";
const DASH = "M-12 0H12";

/** A polygon around the origin; with two radii in turn, a star. */
function polygon(corners: number, outer: number, inner = outer, turn = 0): string {
  const points: string[] = [];
  const count = inner === outer ? corners : corners * 2;
  for (let at = 0; at < count; at++) {
    const radius = at % 2 === 1 ? inner : outer;
    const angle = (2 * Math.PI * (at + turn)) / count - Math.PI / 2;
    const [x, y] = [radius * Math.cos(angle), radius * Math.sin(angle)];
    points.push(`${x.toFixed(2)} ${y.toFixed(2)}`);
  }
  return `M${points.join("L")}Z`;
}

const ROSETTE = polygon(26, 47, 43);

function seal(tone: Tone | "none", ...outline: SVGElement[]): SVGElement {
  const box = { viewBox: "-50 -50 100 100", class: `seal seal-${tone}` };
  return drawing(box, ...outline);
}

const path = (d: string, part: string): SVGElement => shape("path", { d, class: part });

const ring = (r: number, part: string): SVGElement => shape("circle", { r, class: part });

/**
 * A rosette for what an own trust file vouches for; an open, broken ring for what this page alone
 * says; a diamond for what is not decided; an octagon for what is not valid.
 */
export function sealOf(tone: Tone): SVGElement {
  switch (tone) {
    case "valid":
      return seal(tone, path(ROSETTE, "body"), ring(34, "line"), path(TICK, "glyph"));
    case "qualified":
      return seal(tone, ring(45, "broken"), ring(34, "line"), path(TICK, "glyph"));
    case "undecided":
      return seal(tone, path(polygon(4, 48), "body"), path(QUESTION, "glyph"));
    case "invalid":
      return seal(tone, path(polygon(8, 48, 48, 0.5), "body"), path(CROSS, "glyph"));
  }
}

/** The page's own sign: a rosette without an answer in it. */
export function emblem(): SVGElement {
  return seal("none", path(ROSETTE, "body"), ring(33, "line"), path(polygon(5, 21, 9), "star"));
}

/** The small mark beside one check; its word stands next to it. */
export function markOf(outcome: Outcome | "by-page"): SVGElement {
  const box = { viewBox: "-50 -50 100 100", class: "mark" };
  switch (outcome) {
    case "by-page":
      return drawing(box, ring(42, "line"), path(TICK, "glyph"));
    case "PASSED":
      return drawing(box, ring(44, "body"), path(TICK, "glyph"));
    case "FAILED":
      return drawing(box, path(polygon(8, 48, 48, 0.5), "body"), path(CROSS, "glyph"));
    case "UNKNOWN":
      return drawing(box, path(polygon(4, 50), "body"), path(QUESTION, "glyph"));
    case "NOT_APPLICABLE":
      return drawing(box, ring(42, "line"), path(DASH, "glyph"));
    case "NOT_RUN":
      return drawing(box, ring(42, "broken"));
  }
}
