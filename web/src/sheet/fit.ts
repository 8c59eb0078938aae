/**
 * How small a certificate is set so that it stays one page: an estimate, rather too small than too
 * large, because a worker has nothing to lay text out with. Where it is wrong, or nothing is small
 * enough, the sheet grows. Nothing is cut.
 */
import { textOf, type Tree } from "./tree.ts";

/** Sizes in hundredths, each of which the style sheet has a class for. */
const FITS = [100, 90, 80, 70, 60] as const;
export type Fit = (typeof FITS)[number];

/** What is inside the frame, in em of the sheet at full size; likewise all that follows. */
const WIDE = 67;
const HIGH = 46;
const SIDE = 17;
const GAPS = 2.8;

/** How large the lines of each class are set. */
const SIZES: Readonly<Record<string, number>> = {
  school: 1.35,
  award: 1.65,
  name: 3.3,
  "name long": 2,
  latin: 1.15,
  course: 1.45,
  banner: 1.25,
};
const FINE = 0.72;
const LEADING = 1.35;

/** About how many em a text takes in one line. From U+2E80 on, characters are squares. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) < 0x2e80 ? 0.54 : 1;
  return width;
}

function heightOf(tree: Tree, size: number, width: number): number {
  const lines = Math.ceil((widthOf(textOf(tree)) * size * 1.05) / width);
  return Math.max(1, lines) * size * LEADING;
}

function sum(heights: readonly number[]): number {
  return heights.reduce((all, height) => all + height, 0);
}

/** The parts of a sheet by their classes, wherever they stand. */
function parts(tree: Tree, look: string): Tree[] {
  if (typeof tree === "string") return [];
  const [, { class: own }, children] = tree;
  return own?.split(" ")[0] === look ? [tree] : children.flatMap((each) => parts(each, look));
}

function children(tree: Tree): readonly Tree[] {
  return typeof tree === "string" ? [] : tree[2];
}

/** What takes lines of its own: paragraphs, items, and labels with what stands beside them. */
function blocks(tree: Tree): Tree[] {
  if (typeof tree === "string") return [];
  const nested = tree[2].flatMap(blocks);
  if (nested.length > 0) return nested;
  const [tag, , [first]] = tree;
  const isRow = tag === "div" && first !== undefined && first[0] === "dt";
  return tag === "p" || tag === "li" || isRow ? [tree] : [];
}

/** Whom and what it is about, one line below the other, and facts side by side. */
function faceHeight(face: Tree, width: number): number {
  return sum(
    children(face).map((part) => {
      if (typeof part === "string") return 0;
      const [tag, { class: look = "" }] = part;
      if (tag === "dl") return 3.5 * Math.ceil((widthOf(textOf(part)) + 10) / width);
      const room = look === "course" ? Math.min(width, 36 * 1.45) : width;
      return heightOf(part, SIZES[look] ?? 1, room) + 0.8;
    }),
  );
}

function signatoriesHeight(signedFor: Tree, width: number): number {
  const signatories = parts(signedFor, "signatory").length;
  const many = signatories > 6;
  const [column, size] = many ? [8, FINE] : [11, 0.85];
  const across = Math.max(1, Math.floor((width + 1.4) / (column + 1.4)));
  const each = children(children(signedFor).at(-1) ?? "").map((item) =>
    sum(blocks(item).map((line) => heightOf(line, size, column))),
  );
  const rows = Math.ceil(signatories / across);
  return 3 + rows * (Math.max(0, ...each) + (many ? 0.8 : 1.4));
}

/** Whether it fits, when everything is set in this many hundredths. */
function fits(sheet: Tree, fit: Fit): boolean {
  const [wide, high] = [(WIDE * 100) / fit, (HIGH * 100) / fit];
  // What stands in the middle shrinks half as much.
  const middle = (50 + fit / 2) / fit;
  const heights = (look: string, height: (part: Tree) => number): number =>
    Math.max(0, ...parts(sheet, look).map(height));
  const foot = Math.max(
    heights("fine-print", (part) => 2 + sum(blocks(part).map((b) => heightOf(b, FINE, SIDE)))),
    heights("signed-for", (part) => signatoriesHeight(part, wide - 2 * SIDE - GAPS)),
    heights("notice-box", (part) => 2 + sum(blocks(part).map((b) => heightOf(b, FINE, SIDE - 2)))),
  );
  const banner = heights("banner", (part) => 3 + heightOf(part, 1.25, wide));
  return (
    banner + heights("face", (part) => middle * faceHeight(part, wide / middle)) + foot + 1.6 <=
    high
  );
}

/** The largest size in which it is one page, or the smallest there is. */
export function fitOf(sheet: Tree): Fit {
  return FITS.find((fit) => fits(sheet, fit)) ?? 60;
}
