/**
 * Builds what is seen. Text becomes text nodes, never markup, so that nothing that a certificate
 * says can become an element.
 */
export type Child = Node | string | null | readonly Child[];

type Attribute = string | number | boolean | null | ((event: Event) => void);

export interface Attributes {
  readonly [name: string]: Attribute;
}

const SVG = "http://www.w3.org/2000/svg";

function fill(node: Element, attributes: Attributes, children: readonly Child[]): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== null && value !== false) node.setAttribute(name, String(value));
  }
  append(node, children);
}

function append(node: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null) continue;
    if (typeof child === "string" || child instanceof Node) node.append(child);
    else append(node, child);
  }
}

/** An element. A function as attribute listens to the event of that name; null leaves it out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  fill(node, attributes, children);
  return node;
}

/** An element of SVG, hidden from screen readers: what it shows is always said in words as well. */
export function drawing(attributes: Attributes, ...children: SVGElement[]): SVGElement {
  return shape("svg", { "aria-hidden": "true", focusable: "false", ...attributes }, ...children);
}

export function shape(tag: string, attributes: Attributes, ...children: Child[]): SVGElement {
  const node = document.createElementNS(SVG, tag);
  fill(node, attributes, children);
  return node;
}

/** Text of a certificate: its direction is its own, and changes nothing around it. */
export function isolated(text: string, attributes: Attributes = {}): HTMLElement {
  return element("bdi", attributes, ...(HOST.test(text) ? breakable(text) : [text]));
}

/** A host, with whatever follows it. */
const HOST = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(\/[a-z0-9-]+)*$/;

/** Lines break between the labels of a host rather than within one: it is what readers compare. */
function breakable(host: string): Child[] {
  return host
    .split(/(?<=[./])/)
    .flatMap((label, place) => (place === 0 ? [label] : [element("wbr"), label]));
}

/** A link to elsewhere, where the address is one of the web; otherwise its text alone. */
export function outsideLink(url: string, label: string): HTMLElement {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return isolated(url, { dir: "ltr" });
  const rel = "noopener noreferrer nofollow";
  const attributes = { href: url, target: "_blank", rel, dir: "ltr", "aria-label": label };
  return element("a", attributes, url);
}

export function button(
  label: Child,
  onClick: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  return element("button", { type: "button", click: onClick, ...attributes }, label);
}

/** Puts these in the place of whatever the element has. */
export function replace(node: Element, ...children: Child[]): void {
  node.replaceChildren();
  append(node, children);
}
