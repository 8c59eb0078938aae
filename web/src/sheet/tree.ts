/**
 * What the sheet worker draws: elements and text, as plain values that a message can carry. The
 * page makes elements of them, and text stays text.
 */
export type Tree = string | readonly [tag: Tag, attributes: Attributes, children: readonly Tree[]];

export type Tag =
  | "bdi"
  | "dd"
  | "div"
  | "dl"
  | "dt"
  | "li"
  | "ol"
  | "p"
  | "span"
  | "table"
  | "tbody"
  | "td"
  | "th"
  | "thead"
  | "tr"
  | "ul";

export type Attributes = {
  readonly class?: string;
  readonly dir?: "auto" | "ltr" | "rtl";
  readonly lang?: string;
  readonly colspan?: string;
  readonly scope?: "col" | "row";
  readonly "aria-hidden"?: "true";
};

/** What is left out leaves no trace. */
export type Part = Tree | null;

export function node(tag: Tag, look: string | Attributes, ...children: readonly Part[]): Tree {
  const attributes = typeof look === "string" ? (look === "" ? {} : { class: look }) : look;
  return [tag, attributes, children.filter((each) => each !== null)];
}

/** Text of a certificate: its direction is its own, and changes nothing around it. */
export function own(text: string): Tree {
  return node("bdi", "", text);
}

/** Codes, hosts and addresses: read from left to right in every language. */
export function code(text: string): Tree {
  return node("bdi", { class: "code", dir: "ltr" }, text);
}

/** The text of a tree alone, for whoever compares. */
export function textOf(tree: Tree): string {
  return typeof tree === "string" ? tree : tree[2].map(textOf).join(" ");
}
